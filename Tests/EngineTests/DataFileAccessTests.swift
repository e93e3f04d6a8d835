// Files that are not there, not files, not ours or not finished.

import Diagnostics
import Testing

@testable import Engine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

private func readError(_ path: String, limit: Int = 1 << 20) -> Diagnostic? {
  diagnostic { try FileAccess.read(path, limit: limit, at: somewhere) }
}

private func writeError(_ path: String) -> Diagnostic? {
  diagnostic { try FileAccess.write("new", to: path, at: somewhere) }
}

@Suite struct DataFileAccessTests {
  @Test func readsWhatWasWritten() throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try FileAccess.write(bytes, to: folder.path("a"), at: somewhere)
    #expect(try FileAccess.read(folder.path("a"), at: somewhere) == bytes)
    try FileAccess.write([], to: folder.path("a"), at: somewhere)
    #expect(try FileAccess.read(folder.path("a"), at: somewhere) == [])
    #expect(folder.names() == ["a"])
  }

  @Test func missingFiles() throws {
    let folder = try TemporaryFolder()
    try folder.file("iris.csv", "a")
    try folder.file(".iriz.csv", "a")
    try folder.file("Penguins.tsv", "a")
    let near = try #require(readError(folder.path("irsi.csv")))
    #expect(near.id == "file.missing")
    #expect(near.message == "there is no file irsi.csv in \(folder.path)")
    #expect(near.help == "did you mean iris.csv?")
    #expect(readError(folder.path("penguins.parquet"))?.help == "did you mean Penguins.tsv?")
    #expect(readError(folder.path("entirely-other"))?.help == nil)
    #expect(
      readError(folder.path("no/a.csv"))?.message == "there is no folder \(folder.path("no"))")
    #expect(
      readError("surely-not-here.csv")?.message == "there is no file surely-not-here.csv here")
    #expect(readError("")?.id == "file.noName")
    #expect(readError("a\u{0}b")?.id == "file.noName")
    #expect(readError(folder.path("iris.csv/x"))?.id == "file.missing")
  }

  @Test func onlyOrdinaryFiles() throws {
    let folder = try TemporaryFolder()
    #expect(readError(folder.path)?.id == "file.folder")
    #expect(readError("/")?.id == "file.folder")
    #expect(readError("/dev/zero")?.id == "file.special")
    mkfifo(folder.path("pipe"), 0o600)
    #expect(readError(folder.path("pipe"))?.id == "file.special")
    #expect(writeError(folder.path("pipe"))?.id == "file.special")
    #expect(writeError(folder.path)?.id == "file.folder")
    #expect(writeError(folder.path + "/")?.id == "file.folder")
    #expect(writeError("/dev/null")?.id == "file.special")
  }

  @Test func sizesAreBounded() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", [UInt8](repeating: 65, count: 1000))
    #expect(try FileAccess.read(path, limit: 1000, at: somewhere).count == 1000)
    #expect(readError(path, limit: 999)?.id == "file.tooLarge")
    // A file of a terabyte that takes no room on the disk.
    truncate(folder.path("a"), 1 << 40)
    #expect(
      diagnostic { try FileAccess.read(path, at: somewhere) }?.message.contains("1024 MiB") == true)
  }

  @Test func filesThatSayTheyAreEmpty() throws {
    #if os(Linux)
      #expect(try FileAccess.read("/proc/self/status", at: somewhere).count > 100)
      #expect(readError("/proc/self/status", limit: 10)?.id == "file.tooLarge")
    #endif
  }

  @Test func aFullDisk() {
    #if os(Linux)
      let descriptor = open("/dev/full", O_WRONLY)
      #expect(FileAccess.writeAll([1, 2, 3], to: descriptor) == ENOSPC)
      close(descriptor)
    #endif
  }

  @Test func writingKeepsTheOldFileUntilTheNewOneIsWhole() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", "old")
    chmod(path, 0o640)
    try FileAccess.write("new", to: path, at: somewhere)
    var status = stat()
    stat(path, &status)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(folder.text("a") == "new")

    #expect(writeError(folder.path("no/a"))?.message == "there is no folder \(folder.path("no"))")
    // The superuser may write anywhere.
    if geteuid() != 0 {
      chmod(path, 0o440)
      #expect(writeError(path)?.id == "file.permission")
      chmod(path, 0o640)
      chmod(folder.path, 0o500)
      #expect(writeError(path)?.id == "file.permission")
      #expect(writeError(folder.path("b"))?.id == "file.permission")
      chmod(folder.path, 0o700)
    }
    #expect(folder.text("a") == "new")
    #expect(folder.names() == ["a"])
  }

  @Test func linksAreFollowed() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", "old")
    symlink(path, folder.path("link"))
    symlink(folder.path("gone"), folder.path("dangling"))
    symlink(folder.path("loop"), folder.path("loop"))
    try FileAccess.write("new", to: folder.path("link"), at: somewhere)
    #expect(folder.text("a") == "new")
    #expect(FileAccess.isLink(folder.path("link")))
    #expect(writeError(folder.path("dangling"))?.message.contains("leads nowhere") == true)
    #expect(writeError(folder.path("loop")) != nil)
    #expect(readError(folder.path("loop")) != nil)
  }

  @Test func insideAFolder() throws {
    let folder = try TemporaryFolder()
    let other = try TemporaryFolder()
    try folder.file("a", "x")
    symlink(other.path, folder.path("out"))
    symlink(other.path("later"), folder.path("dangling"))
    func isInside(_ name: String) -> Bool {
      FileAccess.isInside(folder.path(name), folder: folder.path)
    }
    #expect(isInside("a"))
    #expect(isInside("new.csv"))
    #expect(isInside("."))
    #expect(!isInside(".."))
    #expect(!isInside("../x"))
    #expect(!isInside("out/x"))
    #expect(!isInside("dangling"))
    #expect(!isInside("no/such/folder"))
    #expect(!FileAccess.isInside(folder.path + "-other", folder: folder.path))
    #expect(!FileAccess.isInside(folder.path("a"), folder: "/surely/not/here"))
    #expect(FileAccess.isInside("/tmp", folder: "/"))
  }

  @Test func whereDataSetsAre() throws {
    let folder = try TemporaryFolder()
    let installed = try folder.file("zzz-iris.csv", "a")
    func locate(_ path: String) -> String { FileAccess.locate(path, datasets: folder.path) }
    #expect(locate("zzz-iris.csv") == installed)
    #expect(locate("datasets/zzz-iris.csv") == installed)
    #expect(locate("./datasets/zzz-iris.csv") == installed)
    #expect(locate("/zzz-iris.csv") == "/zzz-iris.csv")
    #expect(locate("zzz-other.csv") == "zzz-other.csv")
    #expect(locate("datasets/../zzz-iris.csv") == "datasets/../zzz-iris.csv")
    #expect(locate(installed) == installed)
    #expect(FileAccess.locate("zzz-iris.csv", datasets: nil) == "zzz-iris.csv")
  }

  @Test func homeFolder() {
    let home = FileAccess.expand("~")
    #expect(FileAccess.expand("~/a.csv") == (home == "~" ? "~/a.csv" : home + "/a.csv"))
    #expect(FileAccess.expand("~other/a") == "~other/a")
    #expect(FileAccess.expand("a/~") == "a/~")
  }

  @Test func listing() throws {
    let folder = try TemporaryFolder()
    let inner = try TemporaryFolder()
    try folder.file("b.md", "")
    try folder.file("a.csv", "")
    try folder.file(".hidden.md", "")
    try folder.folder("below.md")
    symlink(inner.path, folder.path("link"))
    symlink(folder.path, inner.path("circle"))
    try inner.file("c.md", "")
    #expect(FileAccess.names(in: folder.path) == ["a.csv", "b.md", "below.md", "link"])
    #expect(FileAccess.names(in: folder.path("a.csv")) == [])
    #expect(FileAccess.files(below: folder.path, ending: ".md") == [folder.path("b.md")])
    #expect(FileAccess.isFolder(folder.path("link")))
    #expect(!FileAccess.isFolder(folder.path("a.csv")))
    #expect(
      FileAccess.completions(of: folder.path("b"))
        == [folder.path("b.md"), folder.path("below.md/")])
    #expect(FileAccess.completions(of: folder.path("link/c")).contains(folder.path("link/c.md")))
    #expect(FileAccess.completions(of: "/surely/not/here") == [])
    unlink(folder.path("link"))
    unlink(inner.path("circle"))
  }
}
