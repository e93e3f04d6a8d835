// Where a mistake stands in a printed rule, and what is meant there.
//
// The known rule with the mistake has the printed rule's numbers: lines whose values are the same step
// after step are a pair, whatever they are called. The line as it is meant is the known rule's own line in
// the printed rule's names; what the printed rule does not give a name is written out.

import Diagnostics
import Notation

struct MistakenLines {
  typealias Line = RuleLines.Line

  /// One line of the printed rule.
  struct Place {
    let name: Name
    let printed: Expression
    /// The line as it is meant; where it differs from what is printed, its own form is kept elsewhere.
    let meant: Expression
    /// The part that is wrong.
    let span: Span

    /// The mistake is one of the order of lines, or of what was before.
    var isWrittenAlike: Bool { printed.text(.pretty) == meant.text(.pretty) }
  }

  let own: [Line]
  /// The known rule's lines, without the mistake.
  let right: [Line]
  let known: KnownRule
  let mistake: KnownMistake
  let match: RoleMatch
  private let parameter: Name
  /// Every mistake of a rule is made anew for it: once for all that is said.
  final class Renaming {
    var made: (Rule, Mutant)??
  }
  let renaming = Renaming()

  /// The printed line for each line of the known rule.
  private var pairs: [Int: Int] = [:]
  /// What the known rule's names are called in the printed one.
  private(set) var names: [Name: Expression] = [:]
  /// Names of the known rule whose values are the printed ones but for the sign.
  private(set) var negated: Set<Name> = []
  /// How many printed lines have no counterpart.
  let unpaired: Int
  /// Some line beside the parameter's has numbers other than 0, and no pair differs in sign.
  let isTelling: Bool
  /// The names of the printed lines that have no counterpart.
  let alone: Set<Name>

  init(
    _ declaration: RuleDeclaration, _ quick: QuickRule, _ values: [Name: Double],
    _ known: KnownRule, _ mistake: KnownMistake, _ match: RoleMatch, on tape: QuickTape = .short
  ) {
    self.known = known
    self.mistake = mistake
    self.match = match
    own = declaration.lines
    right = known.rule.declaration.lines
    parameter =
      own.last { Rule.parameterNames.contains($0.name.canonical) }?.name ?? Name(canonical: "w")
    let other = mistake.declaration.lines
    let ownTrace = quick.trace(values, tape)
    let otherTrace = mistake.quick.trace(match.values(values), tape)
    // Lines that keep what was before stand in front of the rule's own.
    let kept = other.count - right.count
    var taken: Set<Int> = []
    func isParameter(_ line: Line) -> Bool { Rule.parameterNames.contains(line.name.canonical) }
    let states = [declaration.stateNames, known.rule.declaration.stateNames]
    // A state and an intermediate may have the same values: states are for states.
    let printed = declaration.lines
    let inOrder =
      printed.indices.filter { states[0].contains(printed[$0].name) }
      + printed.indices.filter { !states[0].contains(printed[$0].name) }
    for i in inOrder where ownTrace.indices.contains(i) {
      let line = own[i]
      let free = other.indices.filter {
        !taken.contains($0) && otherTrace.indices.contains($0)
          && isParameter(other[$0]) == isParameter(line)
      }
      let same = free.filter { Lanes.agree(ownTrace[i], otherTrace[$0]) }
      let opposite = free.filter { Lanes.agree(ownTrace[i].map { -$0 }, otherTrace[$0]) }
      func likeliest(_ places: [Int]) -> Int? {
        places.first { other[$0].name == line.name }
          ?? places.first {
            $0 >= kept && states[0].contains(line.name) == states[1].contains(other[$0].name)
          } ?? places.first { $0 >= kept } ?? places.first
      }
      guard let j = likeliest(same) ?? likeliest(opposite) else { continue }
      taken.insert(j)
      pairs[j - kept] = i
      guard names[other[j].name] == nil, !isParameter(line) else { continue }
      let name = Expression(.name(line.name), line.value.span)
      if same.isEmpty {
        negated.insert(other[j].name)
        names[other[j].name] = .negated(name)
      } else {
        names[other[j].name] = name
      }
    }
    unpaired = own.count - taken.count
    let own = own
    let paired = Set(pairs.values)
    alone = Set(own.indices.filter { !paired.contains($0) }.map { own[$0].name })
    isTelling =
      negated.isEmpty
      && own.indices.contains { line in
        !isParameter(own[line]) && ownTrace.indices.contains(line)
          && ownTrace[line].contains { !$0.a.isNaN && $0.a != 0 }
      }
    for (name, form) in match.forms { names[name] = form }
    for name in MistakenLines.idle(mistake, match, values) { names[name] = .of(name) }
    // A hyperparameter that the mistake leaves without use keeps its name.
    let given = Set(declaration.parameters.map(\.name))
    for name in known.roles.names where names[name] == nil && !given.contains(name) {
      names[name] = .of(name)
    }
    for name in Rule.parameterNames { names[Name(canonical: name)] = .of(parameter) }
    for name in ["g", "t"] where names[Name(canonical: name)] == nil {
      names[Name(canonical: name)] = .of(Name(canonical: name))
    }
  }

  /// Hyperparameters on whose value nothing depends with the mistake, such as β in sign(β·m), and that
  /// would be called what another one is: they keep their names.
  private static func idle(
    _ mistake: KnownMistake, _ match: RoleMatch, _ values: [Name: Double]
  ) -> [Name] {
    let theirs = match.values(values)
    return match.forms.compactMap { name, form in
      guard let own = form.name, let value = theirs[name],
        match.forms.contains(where: { $0.name != name && $0.form.name == own })
      else { return nil }
      let others = theirs.merging([name: value * 1.1]) { $1 }
      func run(_ values: [Name: Double]) -> [Lanes] { mistake.quick.run(values, .scattered) }
      return Lanes.agree(run(theirs), run(others)) ? name : nil
    }
  }

  // MARK: What is meant

  /// The places of the mistake in the printed rule; none where its lines are cut otherwise.
  var places: [Place] {
    var seen: Set<Int> = []
    return mistake.mutant.changedLines.compactMap { changed in
      guard let (i, meant) = meant(for: changed.line, depth: 0), seen.insert(i).inserted else {
        return nil
      }
      let printed = own[i].value
      let (wrong, right) = Parting.of(printed, meant)
      return Place(
        name: own[i].name, printed: printed, meant: printed.replacing(part: wrong, by: right),
        span: wrong.span.text.isEmpty ? printed.span : wrong.span)
    }
  }

  /// The lines that the known rule has and the printed one does not, in its names.
  var missing: [String] {
    mistake.mutant.changedLines.compactMap { changed in
      guard right.indices.contains(changed.line) else { return nil }
      let line = right[changed.line]
      guard let value = translated(line.value, before: changed.line, depth: 0) else { return nil }
      let name = names[line.name]?.name ?? line.name
      return "\(name.pretty) = \(value.text(.pretty))"
    }
  }

  /// The printed line in which a line of the known rule has its effect, and what it is meant to be.
  private func meant(for j: Int, depth: Int) -> (Int, Expression)? {
    guard right.indices.contains(j), depth < 8 else { return nil }
    if let i = pairs[j], let value = translated(right[j].value, before: j, depth: 0) {
      return (i, negated.contains(right[j].name) ? Expression.negated(value).withPlainSigns : value)
    }
    for k in right.indices where k > j && right[k].value.names.contains(right[j].name) {
      // A line that is the same all the same has nothing wrong.
      if let found = meant(for: k, depth: depth + 1),
        !own[found.0].value.computesTheSame(as: found.1)
      {
        return found
      }
    }
    return nil
  }

  /// In the printed rule's names; nil where something has none and cannot be written out.
  private func translated(_ expression: Expression, before place: Int, depth: Int) -> Expression? {
    guard depth < 8 else { return nil }
    var isWhole = true
    let result = expression.replacing { part in
      guard case .name(let name) = part.kind else { return nil }
      if let own = names[name] { return own }
      guard let line = right[..<place].lastIndex(where: { $0.name == name }),
        !right[line].value.names.contains(name),
        let value = translated(right[line].value, before: line, depth: depth + 1)
      else {
        isWhole = isWhole && name.canonical == "pi"
        return nil
      }
      return value
    }
    guard isWhole else { return nil }
    return (negated.isEmpty ? result : result.withPlainSigns).withoutZeros
  }
}

extension Expression {
  /// The same, or the same up to how it is written.
  func computesTheSame(as other: Expression) -> Bool {
    var sieve = FormulaSieve(self)
    return isSame(as: other) || !sieve.isNew(other)
  }

  /// With one of its own parts, told by its place in the text, replaced.
  fileprivate func replacing(part: Expression, by other: Expression) -> Expression {
    var isDone = false
    return replacing { inner in
      guard !isDone, inner.span.start == part.span.start, inner.span.end == part.span.end,
        inner.isSame(as: part)
      else { return nil }
      isDone = true
      return other
    }
  }
}
