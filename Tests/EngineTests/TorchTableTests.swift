// docs/torch.md tells how close layers and losses are to PyTorch's recorded values. What it tells is
// measured again here; DESCENT_UPDATE=1 in the environment writes it anew.

import Foundation
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct TorchTableTests {
  /// One line of a table: what was compared, and the largest differences.
  struct Row {
    let what: String
    let torch: String
    let value: Double
    let gradient: Double?

    var text: String {
      "| \(what) | \(torch) | \(Row.bound(value)) | \(gradient.map(Row.bound) ?? "") |"
    }

    /// The next power of ten, so that the last bit of a logarithm is not told.
    static func bound(_ distance: Double) -> String {
      if distance == 0 { return "0" }
      guard distance.isFinite else { return "\(distance)" }
      return "≤ 1e\(Int(log10(distance).rounded(.up)))"
    }
  }

  @Test func theTableIsTrue() throws {
    let rows = try layers() + losses()
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/torch.md").standardizedFileURL
    if ProcessInfo.processInfo.environment["DESCENT_UPDATE"] == "1" {
      try document(try layers(), try losses()).write(to: file, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| Descent") && !$0.hasPrefix("| ---") }.map {
        Self.cells(String($0))
      }
    try #require(written.count == rows.count, "DESCENT_UPDATE=1 writes docs/torch.md anew")
    for (row, cells) in zip(rows, written) {
      let now = Self.cells(row.text)
      #expect(now[0] == cells[0] && now[1] == cells[1], "\(row.what)")
      // A last bit may differ from machine to machine; ten times what is written may not.
      #expect(row.value <= 10 * Self.number(cells[2]) + 1e-16, "\(row.what): \(row.value)")
      if let gradient = row.gradient {
        #expect(gradient <= 10 * Self.number(cells[3]) + 1e-16, "\(row.what): \(gradient)")
      }
    }
  }

  private func layers() throws -> [Row] {
    try RecordedLayer.all.map { recorded in
      let interpreter = try recorded.interpreter()
      let call = recorded.train ? "f(X, train=true)" : "f(X)"
      let value = apart(try interpreter.value(call), recorded.y.tensor)
      let gradients = try recorded.gradients.map { path, expected in
        apart(try interpreter.value("grad(sum(\(call)*C), \(path))"), expected.tensor)
      }
      let kinds = LayerKind.catalogue.filter { kind in
        recorded.model.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" })
          .contains(Substring(kind.name))
      }
      // Of a chain only what it is made of beside linear layers is of interest.
      let named = kinds.count > 1 ? kinds.filter { $0.name != "linear" } : kinds
      return Row(
        what: recorded.name,
        torch: named.map { "`\($0.torch)`" }.joined(separator: ", "), value: value,
        gradient: gradients.max())
    }
  }

  private func losses() throws -> [Row] {
    struct Source: Decodable { let torch: String }
    let sources = try RecordedData.lines("losses.jsonl", as: Source.self)
    let records = try RecordedData.lines("losses.jsonl", as: LossTests.Record.self)
    return try zip(records, sources).map { record, source in
      var lines = record.params.map { "param \($0.key) = \($0.value.literal)" }
      lines += record.data.map { "\($0.key) = \($0.value.literal)" }
      let interpreter = session(lines.sorted().joined(separator: "\n"))
      let value = distance(try interpreter.value(record.call).elements, [record.value])
      let gradients = try record.grad.map { name, expected in
        distance(
          try interpreter.value("grad(\(record.call), \(name))").elements, expected.elements)
      }
      return Row(
        what: "`\(record.call)`", torch: "`\(source.torch)`", value: value,
        gradient: gradients.max())
    }
  }

  private func document(_ layers: [Row], _ losses: [Row]) -> String {
    func table(_ title: String, _ rows: [Row]) -> String {
      "## \(title)\n\n| Descent | PyTorch | value | gradients |\n| --- | --- | --- | --- |\n"
        + rows.map(\.text).joined(separator: "\n") + "\n"
    }
    return """
      # Beside PyTorch

      The largest differences from what PyTorch 2.15.0 gives in float64, for outputs and for the
      gradients by every parameter and input, relative to the largest element where that is above 1.
      The recorded values and the programs that made them are in `Tests/EngineTests/Data`; a test
      measures this table again.

      \(table("Layers", layers))
      \(table("Losses", losses))
      """
  }

  private static func cells(_ line: String) -> [String] {
    line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// `≤ 1e-15`, or 0; nothing else is a bound.
  private static func number(_ cell: String) -> Double {
    cell == "0" ? 0 : Double(cell.dropFirst(2)) ?? -1
  }
}
