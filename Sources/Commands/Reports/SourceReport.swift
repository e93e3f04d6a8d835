// A rule in another language, line by line as it is to be copied: nothing is folded.

import Diagnostics

package struct SourceReport: Report {
  package let kind = "source"
  package let language: String
  package let name: String
  package let source: String

  package init(name: String, language: String, source: String) {
    self.name = name
    self.language = language
    self.source = source
  }

  package func text(_ format: Format) -> [StyledText] {
    source.split(separator: "\n", omittingEmptySubsequences: false).map { StyledText(String($0)) }
  }

  package func json() -> [String: JSONValue] {
    ["name": .string(name), "language": .string(language), "source": .string(source)]
  }
}
