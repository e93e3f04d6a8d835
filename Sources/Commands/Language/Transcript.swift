// A pasted transcript: lines with `> ` are input, the rest is what was answered.

import Diagnostics
import Notation

/// The input of a transcript, every other line left blank so that places in it stay true. Text
/// without a line that begins with `> ` is returned as it is.
package func transcriptInputs(of source: Source) -> Source {
  let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
  guard lines.contains(where: { $0.hasPrefix("> ") }) else { return source }
  var inputs: [String] = []
  var open = ""
  for line in lines {
    if line.hasPrefix("> ") {
      let text = String(line.dropFirst(2))
      inputs.append("  " + text)
      open = text
    } else if !open.isEmpty, isIncomplete(open) {
      // The rest of a block that runs over several lines.
      inputs.append(String(line))
      open += "\n" + line
    } else {
      inputs.append("")
      open = ""
    }
  }
  return Source(inputs.joined(separator: "\n"), name: source.name, firstLine: source.firstLine)
}
