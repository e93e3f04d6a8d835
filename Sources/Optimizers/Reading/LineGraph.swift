// Which variable of a text depends on which, and which of them is the parameter.
//
// The parameter is what depends on its older self and on the gradient, and what the gradient is taken
// by; state is what else depends on its older self. Letters only break ties.

import Diagnostics
import Notation

/// What follows from the lines is found once: a text may have some hundred of them.
final class LineGraph {
  let lines: [TranslatedLine]
  let keys: [SymbolKey]
  let gradientKeys: Set<Int>
  private var uses: [Int: Set<Int>] = [:]
  private var touchesGradient: Set<Int> = []
  /// The variables that each line reads.
  private let references: [[Reference]]
  private var closures: [Int: Set<Int>] = [:]
  let assigned: Set<Int>
  /// What may be a parameter, in the order of the lines.
  private(set) lazy var candidates: [Int] = findCandidates()

  init(lines: [TranslatedLine], keys: [SymbolKey], gradientKeys: Set<Int>) {
    self.lines = lines
    self.keys = keys
    self.gradientKeys = gradientKeys
    assigned = Set(lines.map(\.key))
    references = lines.map { $0.value.references.map(\.0) }
    for (line, references) in zip(lines, references) {
      uses[line.key, default: []].formUnion(references.map(\.key))
      if line.value.usesGradient || references.contains(where: { gradientKeys.contains($0.key) }) {
        touchesGradient.insert(line.key)
      }
    }
  }

  /// Everything a variable depends on, itself only if it leads back to itself.
  func closure(of key: Int) -> Set<Int> {
    if let known = closures[key] { return known }
    var seen: Set<Int> = []
    var waiting = Array(uses[key] ?? [])
    while let next = waiting.popLast() {
      guard seen.insert(next).inserted else { continue }
      if let known = closures[next] {
        seen.formUnion(known)
      } else {
        waiting += uses[next] ?? []
      }
    }
    closures[key] = seen
    return seen
  }

  func dependsOnItself(_ key: Int) -> Bool { closure(of: key).contains(key) }

  func dependsOnGradient(_ key: Int) -> Bool {
    touchesGradient.contains(key) || !touchesGradient.isDisjoint(with: closure(of: key))
  }

  private func findCandidates() -> [Int] {
    var seen: Set<Int> = []
    let made = Set(lines.filter(\.isHistory).map(\.key))
    return lines.map(\.key).filter {
      seen.insert($0).inserted && !made.contains($0) && !gradientKeys.contains($0)
        && dependsOnItself($0) && dependsOnGradient($0)
    }
  }

  /// `x = x + …`: the old value stands in the sum by itself.
  func keepsItself(_ key: Int) -> Bool {
    lines.contains { line in
      line.key == key
        && TermList(line.value).terms.contains { term in
          if case .name(let name) = term.value.kind, let reference = Reference(name) {
            return reference.key == key && !term.isNegative
          }
          return false
        }
        || line.key == key && isCaseOfKeeping(line.value, key)
    }
  }

  /// `where(c, x - …, x - …)`
  private func isCaseOfKeeping(_ value: Expression, _ key: Int) -> Bool {
    guard case .call(let callee, let arguments) = value.kind,
      callee.path.first?.canonical == "where", arguments.count == 3
    else { return false }
    return arguments.dropFirst().contains { argument in
      TermList(argument.value).terms.contains { term in
        if case .name(let name) = term.value.kind { return Reference(name)?.key == key }
        return false
      }
    }
  }

  static let usualNames: Set<String> = [
    "theta", "w", "x", "W", "Theta", "b", "variable", "param", "params", "parameter", "vartheta",
    "weights", "weight", "omega", "X", "p", "phi",
  ]

  private func hasUsualName(_ key: Int) -> Bool {
    LineGraph.usualNames.contains(keys[key].base) && keys[key].accents.isEmpty
      && keys[key].labels.allSatisfy { $0.hasPrefix("(") }
  }

  /// The parameter among the candidates.
  func parameter(variables: [Int], points: [Int]) -> Int? {
    var best: (key: Int, score: Int)?
    let keeping = candidates.filter { keepsItself($0) }
    for key in candidates {
      var score = 0
      if variables.contains(key) { score += 8 }
      if points.contains(key) { score += 6 }
      if keepsItself(key) { score += 3 }
      let name = keys[key]
      if hasUsualName(key) { score += 4 }
      if !name.accents.isEmpty { score -= 3 }
      if name.base == "Delta" { score -= 8 }
      // Nothing else that lasts reads it.
      let isRead = lines.indices.contains { place in
        lines[place].key != key && (uses[lines[place].key] ?? []).contains(key)
          && dependsOnItself(lines[place].key) && references[place].contains { $0.key == key }
      }
      if !isRead { score += 3 }
      // A point that the gradient is taken at need not be what is moved.
      let isPlain = hasUsualName(key) && !keeping.contains { hasUsualName($0) }
      if !keeping.isEmpty, !isPlain, !(uses[key] ?? []).contains(key) { score -= 12 }
      // w_t = x_t: w is what is kept.
      for line in lines {
        guard case .name(let copied) = line.value.kind, let reference = Reference(copied) else {
          continue
        }
        if line.key == key { score += 1 }
        if reference.key == key { score -= 1 }
      }
      // y = x + …(x - x_old) only looks ahead of x.
      if isExtrapolation(key) { score -= 7 }
      if best.map({ score > $0.score }) ?? true { best = (key, score) }
    }
    guard let best else { return nil }
    // An average that fades is a state of a rule whose parameter is not here.
    let isTakenAt = variables.contains(best.key) || points.contains(best.key)
    if isTakenAt || hasUsualName(best.key) { return best.key }
    // The gradient is by something that no line moves: this is one of its states.
    let moved = assigned
    if !(variables + points).allSatisfy({ moved.contains($0) }) { return nil }
    return keepsItself(best.key) && descends(best.key) ? best.key : nil
  }

  /// x = x - …, or x = x + v with another variable: an accumulator only adds.
  private func descends(_ key: Int) -> Bool {
    lines.contains { line in
      line.key == key
        && TermList(line.value).terms.contains { term in
          if term.isNegative { return true }
          if case .name(let name) = term.value.kind, let reference = Reference(name) {
            return reference.key != key && assigned.contains(reference.key)
          }
          return false
        }
    }
  }

  /// Its line uses neither the gradient nor a state that gathers gradients, only another candidate.
  private func isExtrapolation(_ key: Int) -> Bool {
    let own = lines.filter { $0.key == key }
    guard !touchesGradient.contains(key), !own.isEmpty else { return false }
    let others = Set(candidates).subtracting([key])
    return own.allSatisfy { line in
      let read = Set(line.value.references.map(\.0).filter { others.contains($0.key) })
      return read.count >= 2 && Set(read.map { original(of: $0.key) }).count == 1
        && !line.value.references.contains { $0.0.key == key }
    }
  }

  /// The variable that a line only copies: w_t = x_t.
  private func original(of key: Int) -> Int {
    for line in lines where line.key == key {
      if case .name(let name) = line.value.kind, let reference = Reference(name) {
        return reference.key
      }
    }
    return key
  }
}

/// The terms of a sum with their signs.
struct TermList {
  var terms: [(isNegative: Bool, value: Expression)] = []

  init(_ expression: Expression) { add(expression, false) }

  private mutating func add(_ expression: Expression, _ negative: Bool) {
    switch expression.kind {
    case .binary(.add, let a, let b):
      add(a, negative)
      add(b, negative)
    case .binary(.subtract, let a, let b):
      add(a, negative)
      add(b, !negative)
    case .unary(.negate, let inner): add(inner, !negative)
    default: terms.append((negative, expression))
    }
  }
}

/// The factors of a product, those below the line apart.
struct FactorList {
  var above: [Expression] = []
  var below: [Expression] = []

  init(_ expression: Expression) { add(expression, false) }

  private mutating func add(_ expression: Expression, _ inverse: Bool) {
    switch expression.kind {
    case .binary(.multiply, let a, let b):
      add(a, inverse)
      add(b, inverse)
    case .binary(.divide, let a, let b):
      add(a, inverse)
      add(b, !inverse)
    case .unary(.negate, let inner): add(inner, inverse)
    default:
      if inverse { below.append(expression) } else { above.append(expression) }
    }
  }
}
