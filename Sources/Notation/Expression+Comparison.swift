// Whether two expressions are the same formula, wherever and however they were typed.

extension Expression {
  /// The same tree: spans and the spelling of numbers aside.
  package func isSame(as other: Expression) -> Bool {
    switch (kind, other.kind) {
    case (.number(let a, _), .number(let b, _)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.name(let a), .name(let b)): a == b
    case (.list(let a), .list(let b)): Expression.same(a, b)
    case (.unary(let f, let a), .unary(let g, let b)): f == g && a.isSame(as: b)
    case (.binary(let f, let a, let c), .binary(let g, let b, let d)):
      f == g && a.isSame(as: b) && c.isSame(as: d)
    case (.call(let f, let a), .call(let g, let b)):
      f.path == g.path && a.count == b.count
        && zip(a, b).allSatisfy { $0.label == $1.label && $0.value.isSame(as: $1.value) }
    case (.index(let a, let c), .index(let b, let d)):
      a.isSame(as: b) && c.count == d.count && zip(c, d).allSatisfy { $0.isSame(as: $1) }
    case (.member(let a, let f), .member(let b, let g)): f == g && a.isSame(as: b)
    case (.gradient(let a), .gradient(let b)): a.isSame(as: b)
    default: false
    }
  }

  private static func same(_ a: [Expression], _ b: [Expression]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.isSame(as: $1) }
  }

  fileprivate static func same(_ a: Expression?, _ b: Expression?) -> Bool {
    switch (a, b) {
    case (nil, nil): true
    case (let a?, let b?): a.isSame(as: b)
    default: false
    }
  }

  /// The parts directly below, in the order they are written.
  package var children: [Expression] {
    switch kind {
    case .number, .string, .name: []
    case .list(let elements): elements
    case .unary(_, let operand), .member(let operand, _), .gradient(let operand): [operand]
    case .binary(_, let left, let right): [left, right]
    case .call(_, let arguments): arguments.map(\.value)
    case .index(let base, let subscripts): [base] + subscripts.flatMap(\.children)
    }
  }

  /// What is called by a plain name, such as f in `f(x)`.
  package var calledNames: [Name] {
    var found: [Name] = []
    func visit(_ expression: Expression) {
      if case .call(let callee, _) = expression.kind, callee.path.count == 1 {
        found.append(callee.path[0])
      }
      for child in expression.children { visit(child) }
    }
    visit(self)
    return found
  }

  /// The names that occur as values, each once, in the order they occur; a call's own name is none.
  package var names: [Name] {
    var found: [Name] = []
    var seen: Set<Name> = []
    func visit(_ expression: Expression) {
      if case .name(let name) = expression.kind, seen.insert(name).inserted { found.append(name) }
      for child in expression.children { visit(child) }
    }
    visit(self)
    return found
  }
}

extension Expression.Subscript {
  func isSame(as other: Expression.Subscript) -> Bool {
    switch (self, other) {
    case (.at(let a), .at(let b)): a.isSame(as: b)
    case (.slice(let a, let b, let c, _), .slice(let d, let e, let f, _)):
      Expression.same(a, d) && Expression.same(b, e) && Expression.same(c, f)
    default: false
    }
  }

  var children: [Expression] {
    switch self {
    case .at(let place): [place]
    case .slice(let from, let to, let by, _): [from, to, by].compactMap { $0 }
    }
  }
}
