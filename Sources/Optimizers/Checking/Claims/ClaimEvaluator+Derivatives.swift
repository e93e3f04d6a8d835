// Derivatives by central differences, in the shape of what they are taken by; second ones as differences
// of first ones.

import Diagnostics
import Notation

extension ClaimEvaluator {
  /// A derivative by central differences, in the shape of what it is taken by.
  func derivative(of: Math, by: Math) throws(FormulaFailure) -> (value: FormulaValue, error: Double)
  {
    let (key, whole, offsets) = try moved(by)
    let isWhole = offsets.count == whole.elements.count
    let shape: FormulaValue =
      isWhole ? whole : offsets.count == 1 ? FormulaValue(0) : FormulaValue(offsets.map { _ in 0 })
    let (value, error) = try slopes(of, key, whole, offsets, shape: shape)
    guard let power = ClaimSymbol(by)?.power else { return (value, error) }
    // ∂L/∂σ² = ∂L/∂σ / 2σ
    guard wholeNumber(power) == 2, let at = whole.scalar, at != 0 else {
      throw .notUnderstood("a derivative by this is not taken", by.span)
    }
    return (value.map { $0 / (2 * at) }, error / abs(2 * at))
  }

  /// What is moved: the value that a variable is a part of, and which of its elements.
  func moved(_ by: Math) throws(FormulaFailure) -> (
    key: String, whole: FormulaValue, offsets: [Int]
  ) {
    guard let symbol = ClaimSymbol(by) else {
      throw .notUnderstood("a derivative by this is not taken", by.span)
    }
    var plain = symbol
    plain.power = nil
    plain.isTransposed = false
    let (key, places, stem) = try reference(plain)
    let whole: FormulaValue
    if let known = scope.values[key] { whole = known } else { whole = try value(of: stem) }
    guard places.isEmpty || whole.element(places) != nil else {
      throw .shape("\(symbol.pretty) is a component of \(whole.shapeText)", symbol.span)
    }
    if places.isEmpty { return (key, whole, Array(whole.elements.indices)) }
    guard whole.dimensions.count == 2 else { return (key, whole, [places[0] - 1]) }
    let columns = whole.dimensions[1]
    guard places.count == 2 else {
      return (key, whole, (0..<columns).map { (places[0] - 1) * columns + $0 })
    }
    return (key, whole, [(places[0] - 1) * columns + places[1] - 1])
  }

  /// The derivative that a target names.
  func derivative(_ kind: GradientTarget.Kind, _ span: Span) throws(FormulaFailure)
    -> (value: FormulaValue, error: Double)?
  {
    switch kind {
    case .derivative(let of, let by):
      // Of a vector by a vector: a row for each of what is differentiated.
      if let whole = try? moved(by), whole.whole.dimensions.count == 1,
        whole.offsets.count == whole.whole.elements.count, whole.offsets.count > 1,
        let value = try? value(of).simplified, value.dimensions.count == 1
      {
        return try derivative(by: by) { inner throws(FormulaFailure) in
          (try inner.value(of).simplified.elements, 1e-10)
        }
      }
      return try derivative(of: of, by: by)
    case .second(let of, let first, let second):
      return try derivative(by: second) { inner throws(FormulaFailure) in
        let (value, error) = try inner.derivative(of: of, by: first)
        return (value.elements, error)
      }
    case .several(let of, let by):
      var result: [Double] = []
      var worst = 0.0
      for one in by {
        let (value, error) = try derivative(of: of, by: one)
        guard let number = value.scalar else {
          throw .shape("\(ClaimText.pretty(one.span.text)) is \(value.shapeText)", one.span)
        }
        result.append(number)
        worst = max(worst, error)
      }
      return (FormulaValue(result), worst)
    case .hessian(let of, let by):
      var result: [Double] = []
      var worst = 0.0
      for first in by {
        for second in by {
          let kind = GradientTarget.Kind.second(of: of, first: first, second: second)
          guard let (value, error) = try derivative(kind, span), let number = value.scalar else {
            throw .shape("not every variable is a number", span)
          }
          result.append(number)
          worst = max(worst, error)
        }
      }
      return (FormulaValue.matrix(rows: by.count, columns: by.count, result), worst)
    case .prime: return nil
    }
  }

  /// The derivative of several numbers: a matrix with a row for each when there is more than one.
  private func derivative(
    by: Math, _ run: (ClaimEvaluator) throws(FormulaFailure) -> ([Double], Double)
  ) throws(FormulaFailure) -> (value: FormulaValue, error: Double) {
    let (key, whole, offsets) = try moved(by)
    var columns: [[Double]] = []
    var worst = 0.0
    for offset in offsets {
      func at(_ x: Double) throws(FormulaFailure) -> [Double] {
        var elements = whole.elements
        elements[offset] = x
        let there = scope.changed { $0.values[key] = whole.with(elements) }
        return try inside(there) { () throws(FormulaFailure) in try run(self).0 }
      }
      let count = try at(whole.elements[offset]).count
      var column: [Double] = []
      for place in 0..<count {
        let slope = try Slope.central(at: whole.elements[offset]) { x throws(FormulaFailure) in
          let values = try at(x)
          return values.indices.contains(place) ? values[place] : .nan
        }
        column.append(slope.value)
        worst = max(worst, slope.error)
      }
      columns.append(column)
    }
    let rows = columns.first?.count ?? 0
    if rows == 1, columns.count == 1 { return (FormulaValue(columns[0][0]), worst) }
    var elements: [Double] = []
    for row in 0..<rows { for column in columns { elements.append(column[row]) } }
    return (FormulaValue.matrix(rows: rows, columns: columns.count, elements), worst)
  }

  private func slopes(
    _ of: Math, _ key: String, _ whole: FormulaValue, _ offsets: [Int], shape: FormulaValue
  ) throws(FormulaFailure) -> (value: FormulaValue, error: Double) {
    var result: [Double] = []
    var worst = 0.0
    for offset in offsets {
      let moved = { (x: Double) throws(FormulaFailure) -> Double in
        var elements = whole.elements
        elements[offset] = x
        let there = self.scope.changed { $0.values[key] = whole.with(elements) }
        return try self.inside(there) { () throws(FormulaFailure) in try self.number(of) }
      }
      let slope = try Slope.central(at: whole.elements[offset], moved)
      result.append(slope.value)
      worst = max(worst, slope.error)
    }
    return (shape.with(result), worst)
  }

  /// Under which key a symbol's value is kept, at which places, and the symbol without them.
  func reference(_ symbol: ClaimSymbol) throws(FormulaFailure)
    -> (key: String, places: [Int], stem: ClaimSymbol)
  {
    if scope.values[symbol.key] != nil || scope.definitions[symbol.key] != nil {
      return (symbol.key, [], symbol)
    }
    var plain = symbol
    plain.upperPlaces = []
    plain.lower = []
    var places: [Int] = []
    for item in symbol.upperPlaces {
      if let place = place(item) { places.append(place) } else { plain.upperPlaces.append(item) }
    }
    for item in symbol.lower {
      if let place = place(item) { places.append(place) } else { plain.lower.append(item) }
    }
    return (plain.key(plain.lower.map(labelText)), places, plain)
  }
}
