// The functions libedit calls, and the keys they are bound to. Plain functions that find the
// editor behind the C object and pass the call on; they hold no state and decide nothing.

import CLibEdit

private func owner(_ editor: OpaquePointer?) -> LineEditor? {
  guard let editor, let client = descent_editor_client(editor) else { return nil }
  return Unmanaged<LineEditor>.fromOpaque(client).takeUnretainedValue()
}

private func code(_ value: Int32?) -> UInt8 { UInt8(truncatingIfNeeded: value ?? CC_ERROR) }

func editorPrompt(_ editor: OpaquePointer?) -> UnsafeMutablePointer<CChar>? {
  owner(editor)?.promptPointer()
}

func editorReadKey(_ editor: OpaquePointer?, _ result: UnsafeMutablePointer<wchar_t>?) -> Int32 {
  guard let result, let owner = owner(editor) else { return -1 }
  return owner.nextCharacter(result)
}

private func keyEnter(_ editor: OpaquePointer?, _ key: Int32) -> UInt8 {
  code(owner(editor)?.enter())
}

private func keyOpenLine(_ editor: OpaquePointer?, _ key: Int32) -> UInt8 {
  code(owner(editor)?.openLine())
}

private func keyPaste(_ editor: OpaquePointer?, _ key: Int32) -> UInt8 {
  code(owner(editor)?.paste())
}

private func keyComplete(_ editor: OpaquePointer?, _ key: Int32) -> UInt8 {
  code(owner(editor)?.complete())
}

private func keyDepart(_ editor: OpaquePointer?, _ key: Int32) -> UInt8 {
  code(owner(editor)?.depart())
}

private func keyBackspace(_ editor: OpaquePointer?, _ key: Int32) -> UInt8 {
  code(owner(editor)?.backspace())
}

private func keyUp(_ editor: OpaquePointer?, _ key: Int32) -> UInt8 {
  code(owner(editor)?.up())
}

private func keyDown(_ editor: OpaquePointer?, _ key: Int32) -> UInt8 {
  code(owner(editor)?.down())
}

/// Sequences that begin with ESC are bound in the emacs map only: in vi's they would make a
/// bare ESC wait.
func bindEditorKeys(_ editor: OpaquePointer, emacs: Bool) {
  descent_editor_add_function(editor, "descent-enter", "Accept, or open a line", keyEnter)
  descent_editor_add_function(editor, "descent-open-line", "Open a line", keyOpenLine)
  descent_editor_add_function(editor, "descent-paste", "Insert a paste", keyPaste)
  descent_editor_add_function(editor, "descent-complete", "Complete a name", keyComplete)
  descent_editor_add_function(editor, "descent-depart", "Leave the line", keyDepart)
  descent_editor_add_function(editor, "descent-backspace", "Delete backwards", keyBackspace)
  descent_editor_add_function(editor, "descent-up", "Line above or older entry", keyUp)
  descent_editor_add_function(editor, "descent-down", "Line below or newer entry", keyDown)
  let everywhere = [
    ("^M", "descent-enter"), ("^J", "descent-enter"),
    ("^]", "descent-paste"), ("\\036", "ed-newline"), ("^_", "descent-depart"),
  ]
  for (key, command) in everywhere {
    descent_editor_bind(editor, key, command)
    if !emacs { descent_editor_bind_command(editor, key, command) }
  }
  let whileTyping = [
    ("^I", "descent-complete"), ("^?", "descent-backspace"), ("^H", "descent-backspace"),
    ("^R", "em-inc-search-prev"),
  ]
  for (key, command) in whileTyping { descent_editor_bind(editor, key, command) }
  guard emacs else { return }
  let sequences = [
    ("\\e\\r", "descent-open-line"), ("\\e\\n", "descent-open-line"),
    ("\\e[A", "descent-up"), ("\\eOA", "descent-up"),
    ("\\e[B", "descent-down"), ("\\eOB", "descent-down"),
    ("\\e[C", "ed-next-char"), ("\\eOC", "ed-next-char"),
    ("\\e[D", "ed-prev-char"), ("\\eOD", "ed-prev-char"),
    ("\\e[H", "ed-move-to-beg"), ("\\eOH", "ed-move-to-beg"),
    ("\\e[1~", "ed-move-to-beg"), ("\\e[7~", "ed-move-to-beg"),
    ("\\e[F", "ed-move-to-end"), ("\\eOF", "ed-move-to-end"),
    ("\\e[4~", "ed-move-to-end"), ("\\e[8~", "ed-move-to-end"),
    ("\\e[3~", "ed-delete-next-char"),
    ("\\e[1;5C", "em-next-word"), ("\\e[1;3C", "em-next-word"), ("\\e[5C", "em-next-word"),
    ("\\e[1;5D", "ed-prev-word"), ("\\e[1;3D", "ed-prev-word"), ("\\e[5D", "ed-prev-word"),
  ]
  for (key, command) in sequences { descent_editor_bind(editor, key, command) }
}
