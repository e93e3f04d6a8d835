// The prompt: libedit with blocks of several lines, completion, a history shared between
// sessions, and signals that never catch the terminal in a wrong state. It knows nothing of
// the language typed; what is incomplete and what completes is asked of two closures.

import CLibEdit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What `readBlock` came back with.
package enum ReadResult: Sendable, Equatable {
  /// One accepted block, without its last newline.
  case input(String)
  /// Ctrl-C; the draft is gone, the session goes on.
  case interrupted
  /// Ctrl-D on an empty line, or the terminal went away.
  case endOfFile
  /// A request to end (SIGTERM, SIGHUP). The terminal is restored; save what matters and call
  /// `Signals.die(of:)` with this signal.
  case terminated(signal: Int32)
}

/// Edits blocks on standard input and output, both of which must be terminals. Not Sendable:
/// one owner, on one thread; the C library is handed the object itself.
package final class LineEditor {
  package struct Options {
    package var program = "descent"
    /// ASCII, without newline or escapes.
    package var prompt = "> "
    /// Opens the second and later lines of a block; ASCII spaces.
    package var continuation = "  "
    package var history: HistoryFile?
    /// Candidates for the line as displayed, at a cursor counted in Unicode scalars.
    package var complete: ((_ line: String, _ cursor: Int) -> Completion)?
    /// True when Enter should open another line instead of accepting the text.
    package var isIncomplete: ((_ text: String) -> Bool)?

    package init() {}
  }

  package var options: Options
  /// Entries of this and earlier sessions, oldest first.
  package private(set) var entries: [String] = []

  let editor: OpaquePointer
  private let past: OpaquePointer
  private var known: Set<String> = []
  private var promptText: UnsafeMutablePointer<CChar>?
  var decoder = KeyDecoder()
  var pendingPaste = ""
  var departure: Departure?
  /// Scalars between where the cursor was and the end of the block it was moved to.
  var returnDistance = 0
  var outcome: ReadResult?
  /// Rows the library's picture of the window has; 0 when it must be asked for again.
  var pictureRows = 0
  /// Rows of the largest block seen at this prompt, which a key may bring back.
  var largestBlock = 0
  /// The longest entry of the history, which one key can bring into the line.
  private(set) var longestEntry = Block.Size()
  let usesEscapes: Bool
  private let pastesInBrackets: Bool

  /// A reason to leave the line for a moment, carried out once the cursor stands at its end.
  enum Departure: Equatable {
    case cancel
    case list([String])
    case suspend
  }

  /// Nil when the C library cannot start, for want of memory.
  package init?(options: Options) {
    Characters.prepare()
    guard let past = history_init() else { return nil }
    guard let editor = descent_editor_create(options.program) else {
      history_end(past)
      return nil
    }
    self.options = options
    self.editor = editor
    self.past = past
    let terminal = environmentValue("TERM") ?? ""
    usesEscapes = !terminal.isEmpty && terminal != "dumb"
    // Some builds of the library begin with vi's keys. The person's own ~/.editrc comes next,
    // before our bindings: choosing vi's keys there clears them all.
    descent_editor_set_mode(editor, "emacs")
    el_source(editor, nil)
    pastesInBrackets = usesEscapes && descent_editor_is_vi(editor) == 0
    // Shifting characters sideways goes wrong at the right edge; what follows is drawn again.
    for capability in ["im", "ei", "ic", "IC", "dm", "dc", "DC"] {
      descent_editor_forgo(editor, capability)
    }
    descent_editor_set_client(editor, Unmanaged.passUnretained(self).toOpaque())
    descent_editor_set_signal(editor, 0)
    descent_editor_set_prompt(editor, editorPrompt)
    descent_editor_set_reader(editor, editorReadKey)
    descent_history_set_size(past, Int32(HistoryFile.maximumEntries))
    descent_editor_set_history(editor, past)
    bindEditorKeys(editor, emacs: descent_editor_is_vi(editor) == 0)
    for entry in options.history?.load() ?? [] { remember(entry) }
    Interrupt.install()
    for signal in [SIGTERM, SIGHUP, SIGWINCH] { Signals.handle(signal) }
  }

  deinit {
    el_end(editor)
    history_end(past)
    free(promptText)
  }

  /// Shows the prompt and lets a block be edited until it is accepted or given up. Flush other
  /// output first.
  package func readBlock() -> ReadResult {
    if let signal = Signals.pendingTermination { return .terminated(signal: signal) }
    Signals.isEditing = true
    defer { Signals.isEditing = false }
    _ = Signals.take()
    Interrupt.clear()
    outcome = nil
    departure = nil
    free(promptText)
    promptText = strdup(options.prompt)
    let stopsHandled = !Signals.isIgnored(SIGTSTP)
    if stopsHandled { Signals.handle(SIGTSTP) }
    Signals.handle(SIGCONT)
    defer {
      if stopsHandled { Signals.restoreDefault(SIGTSTP) }
      Signals.restoreDefault(SIGCONT)
    }
    pictureRows = 0
    largestBlock = 0
    enterTerminal()
    var count: Int32 = 0
    let line = el_gets(editor, &count).map { String(cString: $0) }
    leaveTerminal()
    if let signal = Signals.pendingTermination {
      writeNow(STDOUT_FILENO, "\n")
      return .terminated(signal: signal)
    }
    Interrupt.clear()
    if let outcome {
      return outcome
    }
    guard let line, count > 0 else {
      writeNow(STDOUT_FILENO, "\n")
      return .endOfFile
    }
    let text = Block.text(ofDisplayed: line, continuation: options.continuation)
    accept(text)
    return .input(text)
  }

  /// Adds a block to the history, as accepting it at the prompt does.
  package func accept(_ text: String) {
    let entry = Block.withoutFinalNewlines(text)
    guard !entry.allSatisfy(\.isWhitespace), !entry.unicodeScalars.contains("\0") else { return }
    let isRepeat = entries.last == entry
    remember(entry)
    if !isRepeat { options.history?.append(entry) }
  }

  // MARK: history

  /// Puts an entry at the newest place and takes out an older one that equals it.
  private func remember(_ entry: String) {
    let shown = Block.displayed(entry, continuation: options.continuation)
    if !known.insert(entry).inserted {
      forget(shown)
      entries.removeAll { $0 == entry }
    }
    descent_history_enter(past, shown)
    longestEntry.grow(to: shown)
    entries.append(entry)
    if entries.count > HistoryFile.maximumEntries { known.remove(entries.removeFirst()) }
  }

  private func forget(_ shown: String) {
    var number: Int32 = 0
    var candidate = descent_history_newest(past, &number)
    while let text = candidate {
      if strcmp(text, shown) == 0 {
        descent_history_delete(past, number)
        return
      }
      candidate = descent_history_older(past, &number)
    }
  }

  // MARK: the terminal

  func promptPointer() -> UnsafeMutablePointer<CChar>? { promptText }

  /// Raw mode before the prompt appears, so that nothing typed early is lost or misread.
  func enterTerminal() {
    descent_editor_prepare_terminal(editor, 1)
    readTypedAhead()
    if pastesInBrackets { writeNow(STDOUT_FILENO, "\u{1B}[?2004h") }
  }

  func leaveTerminal() {
    if pastesInBrackets { writeNow(STDOUT_FILENO, "\u{1B}[?2004l") }
    descent_editor_prepare_terminal(editor, 0)
  }
}
