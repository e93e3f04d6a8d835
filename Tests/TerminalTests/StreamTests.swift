// Lines read from and output written to pipes: endings, limits, bytes that are not text, and
// readers that go away.

import Testing

@testable import Terminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct StreamTests {
  /// The reader's events for `bytes` in a file.
  private func events(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [LineReader.Event] {
    let folder = try TemporaryFolder()
    let descriptor = open(folder.path + "/input", O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    #expect(bytes.withUnsafeBytes { writeAll(descriptor, $0) } == 0)
    lseek(descriptor, 0, SEEK_SET)
    let reader = LineReader(descriptor: descriptor, limit: limit)
    var result: [LineReader.Event] = []
    while result.count < 1000 {
      let event = reader.next()
      if event == .endOfFile { return result }
      result.append(event)
    }
    return result
  }

  private func lines(_ text: String, limit: Int = 1 << 20) throws -> [String] {
    try events(Array(text.utf8), limit: limit).map { event in
      switch event {
      case .line(let text, true): text
      default: "\(event)"
      }
    }
  }

  @Test(
    arguments: [
      ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]),
      ("a\r\nb\r\n", ["a", "b"]), ("a\rb\n", ["a\rb"]), ("\n\nx", ["", "", "x"]),
      ("\u{FEFF}a\n\u{FEFF}b", ["a", "\u{FEFF}b"]), ("a\0b\n", ["a\0b"]),
      ("θ = m\u{302}\n", ["θ = m\u{302}"]),
    ] as [(String, [String])])
  func lineEndings(text: String, expected: [String]) throws {
    #expect(try lines(text) == expected)
  }

  @Test func longInputComesWhole() throws {
    let many = (0..<500).map { String(repeating: "\($0) ", count: 400) }
    #expect(try lines(many.joined(separator: "\n")) == many)
  }

  @Test func linesTooLongAreSkipped() throws {
    let long = String(repeating: "x", count: 300_000)
    let events = try events(Array("a\n\(long)\nb\n\(long)".utf8), limit: 1000)
    #expect(
      events == [
        .line("a", isValid: true), .tooLong(limit: 1000), .line("b", isValid: true),
        .tooLong(limit: 1000),
      ])
    #expect(try lines("12345\n123456\n", limit: 5).first == "12345")
  }

  @Test func bytesThatAreNotTextAreMarked() throws {
    #expect(
      try events([0x61, 0xFF, 0x0A, 0x62]) == [
        .line("a\u{FFFD}", isValid: false), .line("b", isValid: true),
      ])
  }

  @Test func aFolderIsNoInput() {
    let descriptor = open("/tmp", O_RDONLY)
    defer { close(descriptor) }
    let reader = LineReader(descriptor: descriptor)
    guard case .failed = reader.next() else {
      Issue.record("reading a folder should fail")
      return
    }
    #expect(reader.next() == .endOfFile)
  }

  @Test func aClosedReaderIsQuiet() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    let output = Output(descriptor: ends[1])
    output.writeLine("lost")
    output.flush()
    #expect(output.failure == .closed)
    #expect(output.exitStatus == 141)
    output.writeLine("dropped")
    output.flush()
    close(ends[1])
  }

  @Test func aFullDiskIsReported() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let output = Output(descriptor: descriptor)
    output.write("x")
    output.flush()
    guard case .failed = output.failure else {
      Issue.record("\(String(describing: output.failure))")
      return
    }
    #expect(output.exitStatus == 1)
  }

  @Test func aSlowReaderGetsEverything() async throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let (readEnd, writeEnd) = (ends[0], ends[1])
    _ = fcntl(writeEnd, F_SETFL, fcntl(writeEnd, F_GETFL) | O_NONBLOCK)
    let count = 200_000
    let reading = Task.detached { () -> Int in
      var total = 0
      var buffer = [UInt8](repeating: 0, count: 5000)
      while true {
        let got = read(readEnd, &buffer, buffer.count)
        if got <= 0 { return total }
        total += got
      }
    }
    let output = Output(descriptor: writeEnd)
    for _ in 0..<count { output.write("12345678\n") }
    output.flush()
    close(writeEnd)
    #expect(await reading.value == 9 * count)
    #expect(output.failure == nil)
    close(readEnd)
  }

  @Test func theProbeEndsWhenItsReaderDoes() throws {
    // `printf flood | probe | head -1`, with the probe's own status.
    let probe = try Probe.path()
    let script = "printf 'flood\\n' | { '\(probe)'; echo $? >&2; } 2>&1 >/dev/full | cat"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    var child: pid_t = 0
    let code = withCStrings(["sh", "-c", script]) {
      posix_spawn(&child, "/bin/sh", &actions, nil, $0, environ)
    }
    close(ends[1])
    try #require(code == 0)
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = read(ends[0], &buffer, buffer.count)
    close(ends[0])
    waitpid(child, nil, 0)
    #expect(String(decoding: buffer[..<max(count, 0)], as: UTF8.self) == "1\n")
  }
}
