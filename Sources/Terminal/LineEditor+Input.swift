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

  /// False when the terminal has gone.
  private func readBytes() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count > 0 {
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
    }
    el_cursor(editor, -Int32(clamping: returnDistance))
    returnDistance = 0
    descent_editor_refresh(editor)
    return true
  }

  /// After the process was stopped from outside and goes on: the shell has changed the modes.
  private func resume() {
    leaveTerminal()
    enterTerminal()
    resize()
  }

  /// Draws the block again for a window of another width. Terminals re-wrap what they show, so
  /// the top of the block is looked for where re-wrapping put it.
  private func resize() {
    el_resize(editor)
    guard usesEscapes else { return }
    let screen = Screen(descriptor: STDOUT_FILENO)
    let line = currentLine()
    let above = Block.rowsAbove(
      line.text, cursor: line.cursor, prompt: TextWidth.of(options.prompt), width: screen.width)
    let up = min(above, screen.height - 1)
    // Erasing from the very first cell makes some terminals keep a copy in their scrollback, so
    // all but the first cell goes first.
    let top = "\r" + (up > 0 ? "\u{1B}[\(up)A" : "")
    writeNow(STDOUT_FILENO, top + "\u{1B}[C\u{1B}[J\r\u{1B}[K")
    descent_editor_refresh(editor)
  }

  /// The block as displayed, and the cursor in scalars.
  func currentLine() -> (text: String, cursor: Int) {
    guard let line = el_line(editor), let start = line.pointee.buffer,
      let cursor = line.pointee.cursor, let end = line.pointee.lastchar
    else { return ("", 0) }
    let bytes = UnsafeRawBufferPointer(start: start, count: max(end - start, 0))
    let before = UnsafeRawBufferPointer(start: start, count: max(cursor - start, 0))
    let text = String(decoding: bytes, as: UTF8.self)
    return (text, String(decoding: before, as: UTF8.self).unicodeScalars.count)
  }
}

extension Block {
  /// Rows of a terminal `width` wide above the one the cursor is on, counted from the prompt.
  static func rowsAbove(_ text: String, cursor: Int, prompt: Int, width: Int) -> Int {
    var rows = 0
    var cells = prompt
    for scalar in text.unicodeScalars.prefix(max(cursor, 0)) {
      if scalar == "\n" {
        rows += max(cells - 1, 0) / max(width, 1) + 1
        cells = 0
      } else if scalar == "\t" {
        cells = (cells / 8 + 1) * 8
      } else {
        cells += TextWidth.cells(scalar)
      }
    }
    return rows + cells / max(width, 1)
  }
}
