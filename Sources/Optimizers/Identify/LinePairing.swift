// Which line of one rule does what which line of another does: lines whose values are the same step
// after step are a pair, whatever they are called; so are lines with opposite values, such as the
// velocities of w + v and of w - v.
//
// Both run on gradients that do not depend on the parameter, so that a difference stays in the lines
// that have it. Where that shows none, the steps up to the first difference are taken.

import Notation

struct LinePairing {
  typealias Line = (name: Name, expression: Expression)

  let subject: Subject
  let candidate: Candidate
  let forms: [Name: Expression]
  let own: [Line]
  let other: [Line]
  /// The candidate's line for each of the rule's, and the rule's for each of the candidate's.
  private(set) var pairs: [Int: Int] = [:]
  private(set) var reverse: [Int: Int] = [:]
  private var partners: [Int: Int] = [:]
  /// The candidate's lines whose pair has the opposite values.
  private var opposite: Set<Int> = []
  /// What the candidate's names are called in the rule.
  private(set) var names: [Name: Expression] = [:]
  private let ownTrace: [[[Double]]]
  private let otherTrace: [[[Double]]]

  init?(_ subject: Subject, _ candidate: Candidate, _ forms: [Name: Expression]) {
    guard candidate.quick != nil || candidate.probe != nil else { return nil }
    self.subject = subject
    self.candidate = candidate
    self.forms = forms
    own = subject.probe.lines
    other = candidate.lines
    guard let first = subject.runs.first else { return nil }
    let values = first.values
    func traces(_ tape: ProbeTape) -> ([[[Double]]], [[[Double]]]) {
      (
        subject.probe.trace(values.own(), tape), candidate.trace(values.candidate(forms), tape)
      )
    }
    let lastOwn = own.lastIndex { Rule.parameterNames.contains($0.name.canonical) }
    let lastOther = other.lastIndex { Rule.parameterNames.contains($0.name.canonical) }
    var (a, b) = traces(ProbeTape.given(5))
    if let lastOwn, let lastOther, LinePairing.areSame(a[lastOwn], b[lastOther]) {
      let parted = subject.distance(candidate, forms, first)
      (a, b) = traces(ProbeTape.mixed(min(parted.parting?.step ?? 4, 12)))
    }
    ownTrace = a
    otherTrace = b
    pair()
    nameAll()
    findPartners()
  }

  /// - Parameter sign: what the second is multiplied by.
  private static func areSame(_ a: [[Double]], _ b: [[Double]], sign: Double = 1) -> Bool {
    zip(a, b).allSatisfy { x, y in
      x.count == y.count
        && zip(x, y).allSatisfy { x, y in
          x == sign * y || abs(x - sign * y) <= 1e-9 * max(abs(x), abs(y))
        }
    }
  }

  private mutating func pair() {
    // Of several lines with the same values the one of the same name, else the first.
    for (i, line) in own.enumerated() {
      let isParameter = Rule.parameterNames.contains(line.name.canonical)
      let same = other.indices.filter { j in
        reverse[j] == nil && LinePairing.areSame(ownTrace[i], otherTrace[j])
          && Rule.parameterNames.contains(other[j].name.canonical) == isParameter
      }
      guard let j = same.first(where: { other[$0].name == line.name }) ?? same.first else {
        continue
      }
      pairs[i] = j
      reverse[j] = i
    }
    for i in unpairedOwn where !isParameter(own[i]) {
      let j = unpairedOther.first { j in
        !isParameter(other[j]) && LinePairing.areSame(ownTrace[i], otherTrace[j], sign: -1)
      }
      guard let j else { continue }
      pairs[i] = j
      reverse[j] = i
      opposite.insert(j)
    }
  }

  private mutating func nameAll() {
    for (name, form) in forms { names[name] = form }
    for (j, i) in reverse {
      let name = Expression.of(own[i].name)
      names[other[j].name] = opposite.contains(j) ? .negated(name) : name
    }
    for name in Rule.parameterNames {
      names[Name(canonical: name)] = .of(subject.plain.parameter)
    }
    // What is called the same and has no pair elsewhere is taken for the same.
    let taken = Set(pairs.keys.map { own[$0].name })
    for line in other where names[line.name] == nil {
      if !taken.contains(line.name) { names[line.name] = .of(line.name) }
    }
  }

  /// A line of the candidate in the rule's names.
  func translated(_ expression: Expression) -> Expression {
    let result = expression.replacing { part in
      guard case .name(let name) = part.kind else { return nil }
      return names[name]
    }
    return opposite.isEmpty ? result : result.withSignsInFront
  }

  var unpairedOwn: [Int] { own.indices.filter { pairs[$0] == nil } }
  var unpairedOther: [Int] { other.indices.filter { reverse[$0] == nil } }

  func isParameter(_ line: Line) -> Bool { Rule.parameterNames.contains(line.name.canonical) }

  /// The candidate's line that stands where a line without a pair stands.
  func partner(_ i: Int) -> Int? { partners[i] }

  /// Lines without a pair by name, then by how alike they are written, each once.
  private mutating func findPartners() {
    var left = unpairedOther
    func take(_ i: Int, _ j: Int) {
      partners[i] = j
      left.removeAll { $0 == j }
    }
    for i in unpairedOwn {
      let fits = left.filter { isParameter(other[$0]) == isParameter(own[i]) }
      if let j = fits.first(where: { other[$0].name == own[i].name })
        ?? (isParameter(own[i]) ? fits.last : nil)
      {
        take(i, j)
      }
    }
    for i in unpairedOwn where partners[i] == nil {
      let fits = left.filter { !isParameter(other[$0]) && !isParameter(own[i]) }
      let best = fits.max { likeness(own[i], other[$0]) < likeness(own[i], other[$1]) }
      if let best, likeness(own[i], other[best]) > 0.5 { take(i, best) }
    }
  }

  /// From 0 to 1: how alike two lines are written, in the rule's names.
  private func likeness(_ mine: Line, _ its: Line) -> Double {
    var counts: [String: Int] = [:]
    let a = LinePairing.words(mine.expression)
    let b = LinePairing.words(translated(its.expression))
    for word in a { counts[word, default: 0] += 1 }
    var common = 0
    for word in b {
      if let left = counts[word], left > 0 {
        counts[word] = left - 1
        common += 1
      }
    }
    return a.isEmpty && b.isEmpty ? 1 : Double(2 * common) / Double(a.count + b.count)
  }

  private static func words(_ expression: Expression) -> [String] {
    var words: [String] = []
    _ = expression.contains { part in
      switch part.kind {
      case .name(let name): words.append(name.canonical)
      case .number(let value, _): words.append("\(value)")
      case .unary(let operation, _): words.append(operation.rawValue)
      case .binary(let operation, _, _): words.append(operation.rawValue)
      case .call(let callee, _): words.append(callee.path.first?.canonical ?? "")
      default: break
      }
      return false
    }
    return words
  }

  /// From 0 to 1: how alike the rules are, line by line.
  var likeness: Double {
    var sum = Double(pairs.count)
    for i in unpairedOwn {
      if let j = partner(i) { sum += likeness(own[i], other[j]) }
    }
    return 2 * sum / Double(max(1, own.count + other.count))
  }

  func text(_ name: Name, _ expression: Expression) -> String {
    "\(name.pretty) = \(subject.plain.spelled(expression).text(.pretty))"
  }

  /// The first line in the rule's order that has no pair, with its values where the parameter parts.
  func parting(_ match: Identification.Match) -> LineParting? {
    guard let i = unpairedOwn.first else { return nil }
    let j = partner(i)
    func found(_ mine: [[Double]], _ its: [[Double]]?, from first: Int) -> LineParting? {
      for step in mine.indices.dropFirst(first) {
        for place in mine[step].indices {
          let value = mine[step][place]
          let other = its.flatMap { $0[step].indices.contains(place) ? $0[step][place] : nil }
          if let other, abs(value - other) <= 1e-9 * max(abs(value), abs(other)) { continue }
          return LineParting(
            own: text(own[i].name, own[i].expression),
            other: j.map { text(own[i].name, translated(self.other[$0].expression)) },
            step: step + 1, coordinate: place, ownValue: value, otherValue: other)
        }
      }
      return nil
    }
    // In the run in which the parameters part, if the lines differ there as well.
    if let step = match.parting?.step, let run = subject.runs.first {
      let tape = ProbeTape.mixed(step)
      let mine = subject.probe.trace(run.values.own(), tape)
      let its = candidate.trace(run.values.candidate(forms), tape)
      if let line = found(mine[i], j.map { its[$0] }, from: 0) { return line }
    }
    return found(ownTrace[i], j.map { otherTrace[$0] }, from: 0)
  }
}

extension Expression {
  /// w - η·(-v) as w + η·v.
  fileprivate var withSignsInFront: Expression {
    .sum(
      TermList(self).terms.map { term in
        let (isNegative, value) = term.value.withoutSign
        return (term.isNegative != isNegative, value)
      })
  }

  private var withoutSign: (isNegative: Bool, value: Expression) {
    switch kind {
    case .unary(.negate, let inner):
      let (isNegative, value) = inner.withoutSign
      return (!isNegative, value)
    case .binary(let operation, let a, let b) where operation == .multiply || operation == .divide:
      let (first, second) = (a.withoutSign, b.withoutSign)
      return (
        first.isNegative != second.isNegative, .of(operation, first.value, second.value)
      )
    case .binary(.add, _, _), .binary(.subtract, _, _): return (false, withSignsInFront)
    default: return (false, self)
    }
  }
}
