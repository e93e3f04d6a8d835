// The history file: what is written comes back, repeats and the bound, and strange files.

import Testing

@testable import Terminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct HistoryFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    writeNow(descriptor, text)
    close(descriptor)
  }

  @Test func entriesComeBack() {
    let file = HistoryFile(path: folder.path + "/a/b/history")
    let entries = ["x = 1", "f(\n  2)", #"latex "\beta_1\n""#, "tab\tθ", "end\\", "cr\r", "  x"]
    for entry in entries { file.append(entry) }
    #expect(file.load() == entries)
  }

  @Test(arguments: ["", "\\", "\\n", "\n", "a\\\nb", "\\\\n\n", "\0\r\n\\0"])
  func encodingIsOneLineAndReversible(entry: String) {
    let line = HistoryFile.encode(entry)
    #expect(!line.utf8.contains(0x0A))
    #expect(HistoryFile.decode(line) == entry)
  }

  @Test func onlyTheNewestOfRepeatsStays() {
    #expect(HistoryFile.newest(of: ["a", "b", "a", "c", "b"]) == ["a", "c", "b"])
    #expect(HistoryFile.newest(of: ["a", "b", "c"], limit: 2) == ["b", "c"])
    #expect(HistoryFile.newest(of: []) == [])
  }

  @Test func theFileIsBounded() {
    let path = folder.path + "/history"
    let count = HistoryFile.maximumEntries * 3
    write((0..<count).map { "entry \($0)\n" }.joined(), to: path)
    let kept = HistoryFile(path: path).load()
    #expect(kept.count == HistoryFile.maximumEntries)
    #expect(kept.last == "entry \(count - 1)")
    // Rewritten: it now holds no more than was kept.
    var facts = stat()
    #expect(stat(path, &facts) == 0)
    #expect(Int(facts.st_size) == kept.reduce(0) { $0 + $1.utf8.count + 1 })
    #expect(facts.st_mode & 0o777 == 0o600)
    #expect(HistoryFile(path: path).load() == kept)
  }

  @Test func aSymbolicLinkStaysOne() {
    let target = folder.path + "/real"
    write((0..<(HistoryFile.maximumEntries * 2)).map { "\($0)\n" }.joined(), to: target)
    symlink(target, folder.path + "/history")
    _ = HistoryFile(path: folder.path + "/history").load()
    var facts = stat()
    #expect(lstat(folder.path + "/history", &facts) == 0)
    #expect(facts.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func strangeFilesAreNoError() {
    #expect(HistoryFile(path: folder.path + "/none").load() == [])
    mkdir(folder.path + "/folder", 0o700)
    HistoryFile(path: folder.path + "/folder").append("x")
    #expect(HistoryFile(path: folder.path + "/folder").load() == [])
    mkfifo(folder.path + "/fifo", 0o600)
    HistoryFile(path: folder.path + "/fifo").append("x")
    #expect(HistoryFile(path: folder.path + "/fifo").load() == [])
    write("cut", to: folder.path + "/cut")
    HistoryFile(path: folder.path + "/cut").append("x")
    #expect(HistoryFile(path: folder.path + "/cut").load() == ["cut", "x"])
    let long = String(repeating: "y", count: HistoryFile.maximumEntryLength + 1)
    HistoryFile(path: folder.path + "/cut").append(long)
    #expect(HistoryFile(path: folder.path + "/cut").load() == ["cut", "x"])
  }

  @Test func anOpenFileIsMadePrivate() {
    let path = folder.path + "/open"
    write("x\n", to: path)
    chmod(path, 0o644)
    _ = HistoryFile(path: path).load()
    var facts = stat()
    #expect(stat(path, &facts) == 0)
    #expect(facts.st_mode & 0o777 == 0o600)
  }

  @Test func thePlaceFollowsTheEnvironment() {
    func path(_ variables: [String: String]) -> String? {
      HistoryFile.standard { variables[$0] }?.path
    }
    #expect(path(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/descent/history")
    #expect(path(["XDG_STATE_HOME": "s", "HOME": "/h"]) == "/h/.local/state/descent/history")
    #expect(path(["HOME": "/h"]) == "/h/.local/state/descent/history")
    #expect(path([:]) == nil)
  }
}
