// Where the editor's characters come from: the keyboard and the signal pipe, polled together.
// What a signal asks for happens here, between two characters, when the editor is at rest.

import CLibEdit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Control characters nobody can type (the decoder drops them), by which the editor is told
/// what is not a key.
enum PrivateKey {
  /// A paste is waiting in `pendingPaste`.
  static let paste: UInt8 = 0x1D
  /// Accept the block.
  static let accept: UInt8 = 0x1E
  /// Move to the end of the block and carry out `departure`.
  static let depart: UInt8 = 0x1F
}

extension LineEditor {
  private enum Wait {
    /// How long the rest of an escape sequence may take, in milliseconds.
    static let sequence: Int32 = 40
    static let forever: Int32 = -1
  }

  /// The next character for the C library; 0 at the end of the input, -1 to give the line up.
  func nextCharacter(_ result: UnsafeMutablePointer<wchar_t>) -> Int32 {
    if let departure {
      self.departure = nil
      if !carryOut(departure) { return -1 }
    }
    keepPictureLargeEnough()
    var isFinal = false
    while true {
      if let key = decoder.next(isFinal: isFinal) {
        switch key {
        case .scalar("\u{3}"):
          departure = .cancel
          result.pointee = wchar_t(PrivateKey.depart)
        case .scalar(let scalar): result.pointee = wchar_t(bitPattern: scalar.value)
        case .paste(let text):
          pendingPaste = text
          result.pointee = wchar_t(PrivateKey.paste)
        }
        return 1
      }
      isFinal = false
      let input = waitForInput(milliseconds: decoder.need == .soon ? Wait.sequence : Wait.forever)
      for signal in Signals.take() {
        switch signal {
        case SIGINT:
          decoder.discard()
          departure = .cancel
        case SIGTSTP: departure = .suspend
        case SIGWINCH: resize()
        case SIGCONT: resume()
        default: break
        }
      }
      if Signals.pendingTermination != nil { return -1 }
      if departure != nil {
        result.pointee = wchar_t(PrivateKey.depart)
        return 1
      }
      switch input {
      case .ready:
        if !readBytes() { return 0 }
      case .timedOut: isFinal = true
      case .signalled: break
      }
    }
  }

  private enum Input {
    case ready
    case timedOut
    case signalled
  }

  private func waitForInput(milliseconds: Int32) -> Input {
    var entries = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: Signals.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&entries, nfds_t(entries.count), milliseconds)
    if count == 0 { return .timedOut }
    if count > 0, entries[0].revents != 0 { return .ready }
    return .signalled
  }

  /// Takes what was typed while the terminal was in line mode. A Ctrl-D typed there arrives as
  /// NUL.
  func readTypedAhead() {
    var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, 0) == 1, entry.revents & Int16(POLLIN) != 0 else { return }
    _ = readBytes { $0 == 0 ? 0x04 : $0 }
  }

  /// False when the terminal has gone.
  private func readBytes(_ change: ((UInt8) -> UInt8)? = nil) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count > 0 {
      if let change {
        decoder.feed(buffer[..<count].map(change))
        return true
      }
      decoder.feed(buffer[..<count])
      return true
    }
    return count < 0 && (errno == EINTR || errno == EAGAIN)
  }

  // MARK: leaving the line for a moment

  /// Carried out with the cursor at the end of the block. False when the line is given up.
  private func carryOut(_ departure: Departure) -> Bool {
    switch departure {
    case .cancel:
      outcome = .interrupted
      writeNow(STDOUT_FILENO, "^C\r\n")
      return false
    case .list(let lines):
      writeNow(STDOUT_FILENO, "\r\n" + lines.map { $0 + "\r\n" }.joined())
    case .suspend:
      writeNow(STDOUT_FILENO, "\r\n")
      leaveTerminal()
      Signals.restoreDefault(SIGTSTP)
      raise(SIGTSTP)
      Signals.handle(SIGTSTP)
      _ = Signals.take()
      enterTerminal()
      el_resize(editor)
      pictureRows = 0
    }
    el_cursor(editor, -Int32(clamping: returnDistance))
    returnDistance = 0
    descent_editor_refresh(editor)
    keepPictureLargeEnough()
    return true
  }

  /// After the process was stopped from outside and goes on: the shell has changed the modes.
  private func resume() {
    leaveTerminal()
    enterTerminal()
    resize()
  }

  /// Follows a window of another size. Terminals re-wrap what they show, so the top of the block
  /// is looked for where re-wrapping put it.
  private func resize() {
    el_resize(editor)
    pictureRows = 0
    keepPictureLargeEnough()
  }

  /// Draws the block again in its place; the library's picture of it may be gone.
  private func redraw() {
    let screen = Screen(descriptor: STDOUT_FILENO)
    let prompt = TextWidth.of(options.prompt)
    let above = withLine { line, cursor in
      Block.rowsAbove(line.prefix(cursor), prompt: prompt, width: screen.width)
    }
    let up = min(above, screen.height - 1)
    if usesEscapes {
      // Erasing from the very first cell makes some terminals keep a copy in their scrollback, so
      // all but the first cell goes first.
      let top = "\r" + (up > 0 ? "\u{1B}[\(up)A" : "")
      writeNow(STDOUT_FILENO, top + "\u{1B}[C\u{1B}[J\r\u{1B}[K")
    } else {
      writeNow(STDOUT_FILENO, up > 0 ? "\r\n" : "\r")
    }
    descent_editor_refresh(editor)
  }

  // MARK: the library's picture of the window

  /// libedit 3.1 crashes when a block has more rows than the window, so it is told of a window
  /// with room to spare: what one key can bring in (an entry of the history, what was cut out,
  /// `arriving` text) never fills it. The terminal scrolls by itself.
  func keepPictureLargeEnough(arriving: Int = 0) {
    let width = Screen(descriptor: STDOUT_FILENO).width
    let prompt = TextWidth.of(options.prompt)
    let rows = withLine { line, _ in Block.rowsAbove(line, prompt: prompt, width: width) }
    largestBlock = max(largestBlock, rows, longestEntry.rows(width: width))
    let needed = 3 * (largestBlock + arriving) + 100
    guard pictureRows < needed else { return }
    pictureRows = min(2 * needed, 1_000_000)
    descent_editor_set_rows(editor, String(pictureRows))
    redraw()
  }

  /// The block as displayed, and the cursor in scalars.
  func currentLine() -> (text: String, cursor: Int) {
    withLine { line, cursor in
      var text = String.UnicodeScalarView()
      text.append(contentsOf: line)
      return (String(text), cursor)
    }
  }

  /// The library's own buffer, for as long as `body` runs. It has been seen to leave the cursor
  /// outside of the text after some of vi's keys, and then to write there; so that is put right.
  func withLine<Result>(_ body: (Line, _ cursor: Int) -> Result) -> Result {
    guard let line = el_wline(editor), let start = line.pointee.buffer,
      let end = line.pointee.lastchar, end >= start
    else { return body(Line(characters: UnsafeBufferPointer(start: nil, count: 0)), 0) }
    if let cursor = line.pointee.cursor, cursor < start || cursor > end {
      el_cursor(editor, cursor < start ? 1 : -1)
    }
    let count = end - start
    let cursor = min(max((line.pointee.cursor ?? start) - start, 0), count)
    return body(Line(characters: UnsafeBufferPointer(start: start, count: count)), cursor)
  }

  /// The scalars of the library's buffer.
  struct Line: Sequence, IteratorProtocol {
    let characters: UnsafeBufferPointer<wchar_t>
    private var position = 0

    init(characters: UnsafeBufferPointer<wchar_t>) { self.characters = characters }

    mutating func next() -> Unicode.Scalar? {
      guard position < characters.count else { return nil }
      position += 1
      let value = UInt32(bitPattern: characters[position - 1])
      return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
  }
}
