// What the editor's own keys do to the block. Each returns what libedit should do next; none
// writes to the screen.

import CLibEdit

extension LineEditor {
  /// Enter: another line while the text is incomplete, else the block is done.
  func enter() -> Int32 {
    let line = currentLine()
    let text = Block.text(ofDisplayed: line.text, continuation: options.continuation)
    if options.isIncomplete?(text) == true { return openLine() }
    el_push(editor, String(Unicode.Scalar(PrivateKey.accept)))
    return CC_NORM
  }

  /// A new line whether or not the text is complete.
  func openLine() -> Int32 {
    insert("\n" + options.continuation)
  }

  func paste() -> Int32 {
    let text = Block.withoutFinalNewlines(pendingPaste)
    pendingPaste = ""
    return insert(Block.displayed(text, continuation: options.continuation))
  }

  func complete() -> Int32 {
    guard let complete = options.complete else { return CC_ERROR }
    let line = currentLine()
    let completion = complete(line.text, line.cursor)
    switch completion.action(line: line.text, cursor: line.cursor) {
    case .nothing: return completion.candidates.isEmpty ? CC_ERROR : CC_NORM
    case .replace(let removing, let text):
      if removing > 0 { el_deletestr(editor, Int32(clamping: removing)) }
      return insert(text)
    case .list:
      let screen = Screen(descriptor: 1)
      departure = .list(completion.listing(width: screen.width, height: screen.height - 2))
      return depart()
    }
  }

  /// To the end of the block, so that what is written next stands below it.
  func depart() -> Int32 {
    let line = currentLine()
    returnDistance = line.text.unicodeScalars.count - line.cursor
    el_cursor(editor, Int32(clamping: returnDistance))
    return CC_REFRESH
  }

  /// A whole line break with the continuation prompt after it, or one character.
  func backspace() -> Int32 {
    let line = currentLine()
    guard line.cursor > 0 else { return CC_ERROR }
    let before = line.text.unicodeScalars.prefix(line.cursor)
    let breakText = "\n" + options.continuation
    let isAfterBreak = before.suffix(breakText.unicodeScalars.count)
      .elementsEqual(breakText.unicodeScalars)
    el_deletestr(editor, isAfterBreak ? Int32(clamping: breakText.unicodeScalars.count) : 1)
    return CC_REFRESH
  }

  /// Up within the block, and from its first line to the entry before.
  func up() -> Int32 {
    let line = currentLine()
    let before = Array(line.text.unicodeScalars.prefix(line.cursor))
    guard let thisBreak = before.lastIndex(of: "\n") else { return push(control: "P") }
    let column = before.count - thisBreak - 1
    let start = before[..<thisBreak].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    let target = min(start + max(column - promptShift(start), 0), thisBreak)
    el_cursor(editor, Int32(clamping: target - line.cursor))
    return CC_CURSOR
  }

  /// Down within the block, and from its last line to the entry after.
  func down() -> Int32 {
    let line = currentLine()
    let scalars = Array(line.text.unicodeScalars)
    guard let nextBreak = scalars[line.cursor...].firstIndex(of: "\n") else {
      return push(control: "N")
    }
    let start = scalars[..<line.cursor].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    let column = line.cursor - start + promptShift(start)
    let end = scalars[(nextBreak + 1)...].firstIndex(of: "\n") ?? scalars.count
    el_cursor(editor, Int32(clamping: min(nextBreak + 1 + column, end) - line.cursor))
    return CC_CURSOR
  }

  /// How far the prompt pushes the line that begins at `start`: only the first one has it.
  private func promptShift(_ start: Int) -> Int {
    start == 0 ? options.prompt.unicodeScalars.count : 0
  }

  private func insert(_ text: String) -> Int32 {
    let clean = text.unicodeScalars.filter { $0 != "\0" }
    guard !clean.isEmpty else { return CC_REFRESH }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: clean)
    let text = String(result)
    var size = Block.Size()
    size.grow(to: text)
    keepPictureLargeEnough(arriving: size.rows(width: Screen(descriptor: 1).width))
    return el_insertstr(editor, text) == 0 ? CC_REFRESH : CC_ERROR
  }

  private func push(control letter: Unicode.Scalar) -> Int32 {
    guard let key = Unicode.Scalar(letter.value & 0x1F) else { return CC_ERROR }
    el_push(editor, String(key))
    return CC_NORM
  }
}
