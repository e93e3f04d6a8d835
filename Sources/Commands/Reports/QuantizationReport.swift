// The answer of quantize: for one tensor every number of the way there and back, for several a table.

import Diagnostics
import Engine
import Notation
import Tensors

struct QuantizationReport: Report {
  enum Ending {
    /// Nothing was changed.
    case shown
    case rounded
    case training
  }

  let results: [(name: String, result: QuantizedTensor)]
  let ending: Ending

  init(_ results: [(name: String, result: QuantizedTensor)], ends ending: Ending) {
    self.results = results
    self.ending = ending
  }

  /// The parameters under the names that are shown.
  init(parameters: [(path: String, result: QuantizedTensor)], ends ending: Ending) {
    results = parameters.map { (name: Name(canonical: $0.path).pretty, result: $0.result) }
    self.ending = ending
  }

  /// Numbers that have no nearest level.
  static func check(_ result: QuantizedTensor, _ what: Expression) throws(Diagnostic) {
    guard let bad = result.original.elements.first(where: { !$0.isFinite }) else { return }
    throw Diagnostic(
      "quantize.not-finite",
      "\(what.text(.pretty)) holds \(NumberFormat.text(bad, digits: 6)), which no level is near",
      at: what.span)
  }

  var kind: String { "quantized" }

  private var quantizer: Quantizer? { results.first?.result.quantizer }

  func text(_ format: Format) -> [StyledText] {
    guard let quantizer else { return [] }
    var lines: [StyledText] = []
    if results.count == 1, let (name, result) = results.first {
      lines.append(StyledText(format.signs.plain("\(name): \(quantizer.text)"), .accent))
      lines += FormulaLayout.lines(rows(name, result, format), format: format)
    } else {
      lines.append(StyledText(format.signs.plain(quantizer.text), .accent))
      lines += table.text(format)
    }
    let before = size(of: results.map(\.result))
    lines += StyledText(
      "stored as float32: \(ByteSize.text(before.dense)); as \(quantizer.bits)-bit integers"
        + " with \(scaleWords(before.scales, quantizer)):"
        + " \(ByteSize.text(before.quantized(quantizer)))"
        + (before.sparseQuantized(quantizer) < before.quantized(quantizer)
          ? "; only those that are not 0: "
            + ByteSize.text(before.sparseQuantized(quantizer)) : ""),
      .dim
    ).folded(to: format.width)
    switch ending {
    case .shown: break
    case .rounded:
      lines += StyledText(
        "\(results.count == 1 ? "the parameter is" : "the parameters are") now \(hat); back brings the old "
          + "\(results.count == 1 ? "one" : "ones") back", .dim
      )
      .plainSigns(format).folded(to: format.width)
    case .training:
      lines += StyledText(
        results.count == 1
          ? "the parameter stays as it is; losses and models read \(hat) for it from now on"
          : "the parameters stay as they are; losses and models read x̂ for them from now on", .dim
      ).plainSigns(format).folded(to: format.width)
    }
    return lines
  }

  /// Whether a text is a name, `w` or `f.0.weight`, so that a formula may hold it.
  private static func isName(_ text: String) -> Bool {
    text.first?.isLetter == true
      && text.allSatisfy { $0.isLetter || $0.isNumber || "._".contains($0) }
  }

  /// What the rounded numbers are called: `ŵ` of a parameter w, else `x̂`.
  private var hat: String {
    guard results.count == 1, let name = results.first?.name, Self.isName(name), name.count == 1
    else { return "x̂" }
    return name + "\u{302}"
  }

  private func scaleWords(_ count: Int, _ quantizer: Quantizer) -> String {
    let scales = count == 1 ? "a scale" : "\(count) scales"
    guard !quantizer.isSymmetric else { return scales }
    return scales + (count == 1 ? " and a zero point" : " and zero points")
  }

  private func size(of results: [QuantizedTensor]) -> ModelSize {
    ModelSize(results.map { ($0.values, $0.parts.count) })
  }

  // MARK: One tensor

  private func rows(_ name: String, _ result: QuantizedTensor, _ format: Format) -> [FormulaRow] {
    let quantizer = result.quantizer
    let signs = format.signs
    let x = Self.isName(name) ? signs.plain(name) : "x"
    let show = { (tensor: Tensor) in TensorFormat(format).line(tensor) }
    let perPart = { (value: (QuantizedPart) -> Double) in
      show(
        result.parts.count == 1
          ? Tensor(value(result.parts[0]))
          : Tensor(result.parts.map(value), shape: [result.parts.count]))
    }
    let number = { (value: Double) in NumberFormat.text(value, digits: format.digits) }
    let hat = signs.plain(self.hat)
    var rows: [FormulaRow] = []
    let top = (1 << (quantizer.isSymmetric ? quantizer.bits - 1 : quantizer.bits)) - 1
    let arbitrary = Span(Source(""), 0, 0)
    let power = quantizer.isSymmetric ? quantizer.bits - 1 : quantizer.bits
    let raised = Expression(
      .binary(
        .power, Expression(.number(2, spelling: "2"), arbitrary),
        Expression(.number(Double(power), spelling: "\(power)"), arbitrary)), arbitrary
    ).text(format.ascii ? .ascii : .pretty)
    var scale = FormulaRow(name: "scale", result: perPart(\.scale))
    scale.formula = signs.plain(
      quantizer.isSymmetric
        ? "max|\(x)|/(\(raised) - 1)" : "(max(\(x), 0) - min(\(x), 0))/(\(raised) - 1)")
    if result.parts.count == 1 {
      let part = result.parts[0]
      scale.numbers =
        quantizer.isSymmetric
        ? "\(number(max(abs(part.low), abs(part.high))))/\(top)"
        : "(\(number(max(part.high, 0))) - \(bracketed(min(part.low, 0), format)))/\(top)"
    }
    rows.append(scale)
    if !quantizer.isSymmetric {
      var zero = FormulaRow(name: "z", result: perPart { Double($0.zeroPoint) })
      zero.formula = signs.plain("round(-min(\(x), 0)/scale)")
      zero.remark = "the zero point: the integer that stands for 0"
      rows.append(zero)
    }
    var levels = FormulaRow(name: "q", result: show(result.integers))
    levels.formula = signs.plain(
      "round(\(x)/scale)" + (quantizer.isSymmetric ? "" : " + z"))
    levels.remark =
      "integers from \(quantizer.integerRange.lowerBound) to \(quantizer.integerRange.upperBound)"
    rows.append(levels)
    var back = FormulaRow(name: hat, result: show(result.values))
    back.formula = signs.plain(quantizer.isSymmetric ? "scale·q" : "scale·(q - z)")
    rows.append(back)
    var error = FormulaRow(name: signs.plain("error"), result: number(result.largestError))
    error.formula = signs.plain("max|\(x) - \(hat)|")
    let bound = (result.parts.map(\.scale).max() ?? 0) / 2
    error.remark = signs.plain(
      "at most scale/2 = \(number(bound))" + (result.parts.count > 1 ? " of the largest scale" : "")
    )
    rows.append(error)
    return rows
  }

  private func bracketed(_ value: Double, _ format: Format) -> String {
    let text = NumberFormat.text(value, digits: format.digits)
    return value < 0 ? "(\(text))" : text
  }

  // MARK: Several tensors

  private var table: TableReport {
    let isAffine = quantizer?.isSymmetric == false
    var columns: [TableReport.Column] = [.init("parameter"), .init("shape"), .init("scale")]
    if isAffine { columns.append(.init("zero point", .right)) }
    columns += [.init("largest error"), .init("scale/2")]
    let rows = results.map { name, result in
      let scales = result.parts.map(\.scale)
      let isOne = result.parts.count == 1
      var row: [TableReport.Cell] = [.text(name), .text("\(result.original.shape)")]
      row.append(
        isOne
          ? .number(scales.first ?? 0)
          : .text(
            "\(NumberFormat.text(scales.min() ?? 0, digits: 4)) … "
              + NumberFormat.text(scales.max() ?? 0, digits: 4)))
      if isAffine {
        let zeros = result.parts.map(\.zeroPoint)
        row.append(
          isOne ? .count(zeros.first ?? 0) : .text("\(zeros.min() ?? 0) … \(zeros.max() ?? 0)"))
      }
      row += [.number(result.largestError), .number((scales.max() ?? 0) / 2)]
      return row
    }
    return TableReport(columns: columns, rows: rows)
  }

  func json() -> [String: JSONValue] {
    let size = size(of: results.map(\.result))
    var fields: [String: JSONValue] = [
      "float32_bytes": .number(Double(size.dense)),
      "parameters": .array(
        results.map { name, result in
          .object([
            "name": .string(Signs(ascii: true).plain(name)),
            "scales": .array(result.parts.map { JSONValue(number: $0.scale) }),
            "zero_points": .array(result.parts.map { .number(Double($0.zeroPoint)) }),
            "integers": JSONValue(result.integers), "values": JSONValue(result.values),
            "largest_error": JSONValue(number: result.largestError),
          ])
        }),
    ]
    if let quantizer {
      fields["bits"] = .number(Double(quantizer.bits))
      fields["symmetric"] = .bool(quantizer.isSymmetric)
      fields["per_channel"] = .bool(quantizer.isPerChannel)
      fields["quantized_bytes"] = .number(Double(size.quantized(quantizer)))
    }
    fields["changes"] = .string(
      ending == .shown ? "nothing" : ending == .rounded ? "parameters" : "training")
    return fields
  }
}
