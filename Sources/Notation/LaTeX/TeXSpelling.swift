// A formula written again in plain commands, for a report: `\dv{x} x^2` is `\frac{\mathrm{d}}{\mathrm{d} x} x^2`.
//
// What holds no command of a package stays as it was typed. Nothing is read from what is written here.

import Diagnostics

package enum TeXSpelling {
  /// The text with the commands of packages put in.
  package static func plain(_ tex: String) -> String {
    guard tex.contains("\\") else { return tex }
    let source = Source(tex)
    guard let raw = try? TeXLexer.tokens(Span(source, 0, source.bytes.count)),
      raw.contains(where: { $0.command.map(TeXPackages.isKnown) ?? false }),
      let tokens = try? TeXMacros.expanded(raw, of: source)
    else { return tex }
    return spelled(tokens)
  }

  private static func spelled(_ tokens: [TeXToken]) -> String {
    var text = ""
    // A command's name ends where no letter follows.
    var endsName = false
    for token in tokens {
      if token.spaced, !text.isEmpty, text.last != " " { text += " " }
      let isNameBefore = endsName
      endsName = false
      switch token.kind {
      case .letter(let scalar), .digit(let scalar), .sign(let scalar):
        if isNameBefore, scalar.properties.isAlphabetic, text.last != " " { text += " " }
        text.unicodeScalars.append(scalar)
      case .command(let name):
        text += "\\" + name
        endsName = name.last?.isLetter ?? false
      case .beginGroup: text += "{"
      case .endGroup: text += "}"
      case .subscriptSign: text += "_"
      case .superscriptSign: text += "^"
      case .alignment: text += "&"
      case .rowBreak: text += "\\\\"
      case .prime: text += "'"
      case .mathShift(let sign): text += sign
      case .argument(let number): text += "#\(number)"
      case .gap, .paragraph: text += " "
      case .mark, .end: break
      }
    }
    return text
  }
}
