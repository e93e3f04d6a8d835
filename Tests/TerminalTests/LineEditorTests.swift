// The prompt as a person meets it, through the probe on a pseudo-terminal: what the program
// gets for what is typed, and the state it leaves the terminal in.

import Testing

@testable import Terminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite(.serialized) struct LineEditorTests {
  let folder: TemporaryFolder
  var environment: [String: String] { ["XDG_STATE_HOME": folder.path, "HOME": folder.path] }

  init() throws { folder = try TemporaryFolder() }

  private func start(
    columns: UInt16 = 60, _ extra: [String: String] = [:]
  ) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      columns: columns, environment: environment.merging(extra) { $1 })
    try terminal.expect("ready")
    try terminal.expect("> ")
    return terminal
  }

  @Test(arguments: [
    ("one line", "hello\r", "got[hello]"),
    ("incomplete text opens another line", "f(\r1\r)\r", "got[f(|1|)]"),
    ("Alt-Enter opens a line in complete text", "a\u{1B}\rb\r", "got[a|b]"),
    ("own indentation is kept", "f(\r  1)\r", "got[f(|  1)]"),
    ("backspace takes a line break whole", "f(\r\u{7F}1)\r", "got[f(1)]"),
    ("accents are spelt out", "m\u{302} = v\u{304} + x\u{303}\r", "got[m_hat = v_bar + x_tilde]"),
    ("other letters stay", "θ漢😀é\r", "got[<952><28450><128512><233>]"),
    ("up within a block", "f(\r1)\u{1B}[A2\r", "got[f(2|1)]"),
    ("down within a block", "f(\r1)\u{1B}[A\u{1B}[B2\r", "got[f(|1)2]"),
    ("unknown keys type nothing", "a\u{1B}[15~\u{1B}[1;2Pb\r", "got[ab]"),
    ("home and end", "b\u{1B}[Ha\u{1B}[Fc\r", "got[abc]"),
    ("delete", "ab\u{1B}[D\u{1B}[3~\r", "got[a]"),
    ("word left", "one two\u{1B}[1;5Dx\r", "got[one xtwo]"),
    ("a paste keeps its lines", "\u{1B}[200~a\r\tb\nc\r\n\u{1B}[201~\r", "got[a|<9>b|c]"),
    ("a paste cannot type keys", "\u{1B}[200~a\u{1B}OA\u{1}\u{4}b\u{1B}[201~\r", "got[aOAb]"),
    ("a paste spells accents out", "\u{1B}[200~m\u{302}\u{1B}[201~\r", "got[m_hat]"),
    ("one candidate is inserted", "rms\t\r", "got[rmsprop]"),
    ("several extend to what they share", "mo\t\r", "got[momentum]"),
    ("a Greek letter replaces its name", "2*\\theta\t+1\r", "got[2*<952>+1]"),
    ("an accent follows its letter", "m\\hat\t\r", "got[m_hat]"),
    ("completion counts scalars", "θ漢 rms\t\r", "got[<952><28450> rmsprop]"),
    ("no candidate changes nothing", "zzz\t\r", "got[zzz]"),
  ])
  func typing(what: String, typed: String, result: String) throws {
    let terminal = try start()
    terminal.send(typed)
    try terminal.expect(result)
    #expect(terminal.isCooked || terminal.settle().contains("> "), "\(what)")
  }

  @Test func historyRecallsABlockWhole() throws {
    let terminal = try start()
    terminal.send("f(\r  1)\r")
    try terminal.expect("got[f(|  1)]")
    terminal.send("other\r")
    try terminal.expect("got[other]")
    terminal.send("\u{1B}[A\u{1B}[A\r")
    try terminal.expect("got[f(|  1)]")
  }

  @Test func searchingFindsAnOlderEntry() throws {
    let terminal = try start()
    for line in ["first entry", "second", "third"] {
      terminal.send(line + "\r")
      try terminal.expect("got[\(line)]")
      try terminal.expect("> ")
    }
    terminal.send("\u{12}irs\r")
    try terminal.expect("got[first entry]")
  }

  @Test func candidatesAreListedBelowTheLine() throws {
    let terminal = try start()
    terminal.send("ada\t")
    let seen = try terminal.expect("Kingma & Ba 2015")
    #expect(seen.contains("\r\nadam"))
    try terminal.expect("> ada")
    terminal.send("m\r")
    try terminal.expect("got[adam]")
  }

  @Test func controlCDropsTheDraft() throws {
    let terminal = try start()
    terminal.send("f(\rdraft")
    try terminal.expect("draft")
    terminal.send("\u{3}")
    try terminal.expect("interrupted")
    terminal.send("next\r")
    try terminal.expect("got[next]")
    terminal.send("entries\r")
    try terminal.expect("entries next,entries")
  }

  @Test func controlCStopsARunAndKeepsTheSession() throws {
    let terminal = try start()
    terminal.send("loop\r")
    try terminal.expect("looping")
    terminal.send("\u{3}")
    try terminal.expect("stopped")
    terminal.send("next\r")
    try terminal.expect("got[next]")
  }

  @Test func controlDEndsOnAnEmptyLineOnly() throws {
    let terminal = try start()
    terminal.send("ab\u{1}\u{4}\r")
    try terminal.expect("got[b]")
    try terminal.expect("> ")
    terminal.send("\u{4}")
    try terminal.expect("end of file")
    #expect(try terminal.waitForEnd() == .exit(0))
  }

  @Test func typedAheadIsNotLost() throws {
    let terminal = try PseudoTerminal(environment: environment)
    terminal.send("early\rlater\r")
    try terminal.expect("got[early]")
    try terminal.expect("got[later]")
  }

  @Test func controlDTypedDuringARunEndsTheSession() throws {
    let terminal = try start()
    terminal.send("progress\r")
    try terminal.expect("step ")
    terminal.send("\u{4}")
    try terminal.expect("end of file")
    #expect(try terminal.waitForEnd() == .exit(0))
  }

  @Test func blocksTallerThanTheWindowAreEdited() throws {
    let terminal = try start()
    let lines = (0..<100).map { "line \($0)" }
    terminal.send("\u{1B}[200~f(" + lines.joined(separator: "\r") + "\u{1B}[201~")
    terminal.send(String(repeating: "\u{1B}[A", count: 60))
    terminal.send("\u{1B}[H\u{1B}[C\u{1B}[Ca\u{19}\u{1B}[F)\r")
    let text = "f(a" + lines.joined(separator: "|") + ")"
    try terminal.expect("got[\(text)]")
    terminal.send("\u{1B}[A\u{1B}[Ax\u{7F}\r")
    try terminal.expect("got[\(text)]")
  }

  @Test(arguments: [SIGTERM, SIGHUP]) func terminationRestoresTheTerminal(signal: Int32) throws {
    let terminal = try start()
    terminal.send("kept\r")
    try terminal.expect("got[kept]")
    try terminal.expect("> ")
    terminal.send("draft")
    try terminal.expect("draft")
    #expect(!terminal.isCooked)
    kill(terminal.process, signal)
    let seen = try terminal.expect("terminated")
    #expect(seen.contains("\u{1B}[?2004l"))
    #expect(try terminal.waitForEnd() == .signal(signal))
    #expect(terminal.isCooked)
    #expect(HistoryFile(path: folder.path + "/descent/history").load() == ["kept"])
  }

  @Test func terminationStopsARun() throws {
    let terminal = try start()
    terminal.send("loop\r")
    try terminal.expect("looping")
    kill(terminal.process, SIGTERM)
    try terminal.expect("terminated")
    #expect(try terminal.waitForEnd() == .signal(SIGTERM))
  }

  @Test func theWindowMayBeResized() throws {
    let terminal = try start(columns: 40)
    terminal.send("f(" + String(repeating: "x", count: 60))
    terminal.resize(columns: 25)
    try terminal.expect("\u{1B}[J")
    terminal.send(")\r")
    try terminal.expect("got[f(" + String(repeating: "x", count: 60) + ")]")
    terminal.send("width\r")
    try terminal.expect("width 25")
  }

  @Test func historyOutlivesTheSession() throws {
    do {
      let terminal = try start()
      terminal.send("a\\b(\r\u{3b8})\rquit\r")
      #expect(try terminal.waitForEnd() == .exit(0))
    }
    let terminal = try start()
    terminal.send("\u{1B}[A\u{1B}[A\r")
    try terminal.expect("got[a\\b(|<952>)]")
    var facts = stat()
    #expect(stat(folder.path + "/descent/history", &facts) == 0)
    #expect(facts.st_mode & 0o777 == 0o600)
  }

  @Test func sessionsSideBySideKeepEachOthersHistory() throws {
    let first = try start()
    let second = try start()
    for (terminal, line) in [(first, "one"), (second, "two"), (first, "three")] {
      terminal.send(line + "\r")
      try terminal.expect("got[\(line)]")
    }
    for terminal in [second, first] {
      try terminal.expect("> ")
      terminal.send("\u{4}")
      #expect(try terminal.waitForEnd() == .exit(0))
    }
    let path = folder.path + "/descent/history"
    #expect(HistoryFile(path: path).load() == ["one", "two", "three"])
  }

  @Test func repeatsAreKeptOnce() throws {
    let terminal = try start()
    for line in ["a", "b", "a", "b", "c", "a"] {
      terminal.send(line + "\r")
      try terminal.expect("got[\(line)]")
    }
    terminal.send("entries\r")
    try terminal.expect("entries b,c,a")
    terminal.send("\u{1B}[A\u{1B}[A\u{1B}[A\u{1B}[A\r")
    try terminal.expect("got[b]")
  }

  @Test func aHistoryThatCannotBeWrittenIsNoError() throws {
    let terminal = try start(["XDG_STATE_HOME": "/proc/none"])
    terminal.send("a\r")
    try terminal.expect("got[a]")
    terminal.send("\u{1B}[A\r")
    try terminal.expect("got[a]")
  }

  @Test(arguments: ["dumb", "", "no-such-terminal"]) func poorTerminalsWork(kind: String) throws {
    let terminal = try start(["TERM": kind])
    terminal.send("f(\r1)\r")
    try terminal.expect("got[f(|1)]")
    if kind != "no-such-terminal" { #expect(!terminal.settle().contains("\u{1B}")) }
  }

  @Test func anASCIILocaleStillReadsUnicode() throws {
    let terminal = try start(["LC_ALL": "C"])
    terminal.send("θ = m\u{302}\r")
    try terminal.expect("got[<952> = m_hat]")
  }

  @Test func viKeysWork() throws {
    let file = folder.path + "/.editrc"
    let descriptor = open(file, O_WRONLY | O_CREAT, 0o600)
    writeNow(descriptor, "bind -v\n")
    close(descriptor)
    let terminal = try start(["EDITRC": file])
    terminal.send("abc\u{1B}")
    usleep(200_000)
    terminal.send("hx")
    usleep(100_000)
    terminal.send("\r")
    try terminal.expect("got[ac]")
    try terminal.expect("> ")
    terminal.send("draft\u{3}")
    try terminal.expect("interrupted")
  }

  @Test func progressIsDrawnInPlaceAndErased() throws {
    let terminal = try start()
    terminal.send("progress\r")
    let seen = try terminal.expect("done")
    #expect(seen.contains("\rstep "))
    #expect(seen.contains("of 50"))
    #expect(seen.components("\rstep ") <= 12)
    #expect(seen.hasSuffix("\r\u{1B}[K\rdone"))
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
