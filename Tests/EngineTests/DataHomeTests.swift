// Where Descent's own files are looked for.

import Testing

@testable import Diagnostics

@Suite struct DataHomeTests {
  @Test func parents() {
    #expect(Home.parent(of: "/a/b") == "/a")
    #expect(Home.parent(of: "/a") == "/")
    #expect(Home.parent(of: "/") == "/")
    #expect(Home.parent(of: "a") == "/")
    #expect(Home.parent(of: "") == "/")
  }

  @Test func orderOfRoots() throws {
    let folder = try TemporaryFolder()
    try folder.file("Package.swift", "")
    let binary = folder.path("x/y/descent")
    #expect(
      Home.roots(variable: "/surely/not/here", binaries: [binary])
        == ["/surely/not/here", folder.path("x/share/descent"), folder.path])
    #expect(Home.roots(variable: nil, binaries: ["/bin/descent"]) == ["/share/descent"])
    #expect(Home.roots(variable: "", binaries: []) == [])
  }

  @Test func theFirstThatIsThereIsTaken() throws {
    let folder = try TemporaryFolder()
    let other = try TemporaryFolder()
    try other.file("lessons", "not a folder")
    #expect(Home.find(.lessons, in: [folder.path, other.path]) == nil)
    try folder.folder("lessons")
    #expect(Home.find(.lessons, in: [other.path, folder.path]) == folder.path("lessons"))
    #expect(Home.find(.datasets, in: [folder.path]) == nil)
  }

  /// The tests run from within the package, so its folders are found.
  @Test func thisPackage() {
    #expect(Home.folder(.rules)?.hasSuffix("/Sources/Optimizers/Rules") == true)
  }
}
