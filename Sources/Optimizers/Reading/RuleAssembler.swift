// From translated lines to a rule: which step every name means, which variables last, what runs when.
//
// "Now" is the newest step of each variable on a left side, "before" one less. A variable read before
// it is assigned is a state and starts at 0 unless the text says otherwise, which is said aloud.

import Diagnostics
import Notation

final class RuleAssembler {
  let translator: FormulaTranslator
  let table: EquationTable
  let index: IndexEvidence
  var lines: [TranslatedLine]
  var notes: [ReadingNote] = []
  var names = NameTable()
  /// The final name of each variable.
  var finalNames: [Int: Name] = [:]
  var now: [Int: Int] = [:]
  var gradientKeys: Set<Int> = []
  /// Lines that only name the gradient.
  var aliases: [Int: TranslatedLine] = [:]
  /// Variables that were given a second meaning by the letter alone: the α of α_t = α/√t.
  var extraKeys: [Int: String] = [:]
  private(set) var parameter = -1
  /// The number of the first step.
  var first = 1
  var isProgram = true
  let words: String
  let hasWhere: Bool
  /// States that start at 0 for want of a start.
  var assumed: Set<Name> = []
  /// What a person says that hyperparameters are for.
  var givenRoles: [Name: HyperRole] = [:]
  /// The text's symbols: known keys and those made here.
  private(set) var keys: [SymbolKey]

  init(
    _ translator: FormulaTranslator, _ table: EquationTable, _ lines: [TranslatedLine],
    words: String, hasWhere: Bool
  ) {
    self.translator = translator
    self.table = table
    index = translator.symbols.index
    self.lines = lines
    self.words = words
    self.hasWhere = hasWhere
    keys = translator.keys
  }

  func note(_ kind: ReadingNote.Kind, _ text: String, _ span: Span) {
    guard !notes.contains(where: { $0.text == text }) else { return }
    notes.append(ReadingNote(kind, text, span))
  }

  func pretty(_ key: Int) -> String {
    // Symbols that were supplied after the lines are the translator's alone until `prepare`.
    let all = keys.indices.contains(key) ? keys : translator.keys
    return Name(canonical: all[key].plainName).pretty
  }

  func place(_ key: Int) -> Span? {
    translator.places[key] ?? lines.first { $0.key == key }?.span
  }

  // MARK: What there is

  /// Finds the parameter.
  /// - Returns: false when nothing is moved by a gradient.
  func prepare() throws(Diagnostic) -> Bool {
    unifyNewAndOld()
    separateConstants()
    splitSteps()
    splitBases()
    keys = translator.keys + extraKeys.sorted { $0.key < $1.key }.map { SymbolKey(base: $0.value) }
    findNow()
    shiftDefinitions()
    addRoots()
    findGradients()
    try addChange()
    let graph = LineGraph(lines: lines, keys: keys, gradientKeys: gradientKeys)
    guard
      let found = graph.parameter(
        variables: translator.gradientVariables.map(\.key),
        points: translator.gradientPoints.map(\.reference.key))
    else { return false }
    parameter = found
    guard keepsValue() else { return false }
    try dropOthers(graph)
    try checkSense()
    return true
  }

  /// θ_new, θ_old, θ′ as steps.
  func unifyNewAndOld() {
    var hasNew: Set<Int> = []
    var hasOld: Set<Int> = []
    func look(_ key: Int, _ time: TimeMark) {
      if time == .new { hasNew.insert(key) }
      if time == .old { hasOld.insert(key) }
    }
    for line in lines {
      look(line.key, line.time)
      for (reference, _) in line.value.references { look(reference.key, reference.time) }
    }
    guard !hasNew.isEmpty || !hasOld.isEmpty else { return }
    func changed(_ key: Int, _ time: TimeMark) -> TimeMark {
      switch time {
      case .new: return .step(1)
      case .old: return .step(0)
      case .none where hasNew.contains(key): return .step(0)
      case .none where hasOld.contains(key): return .step(1)
      default: return time
      }
    }
    for place in lines.indices {
      lines[place].time = changed(lines[place].key, lines[place].time)
      lines[place].value =
        (try? lines[place].value.mapped { part in
          guard case .name(let name) = part.kind, let reference = Reference(name) else {
            return nil
          }
          return Build.name(
            Reference(reference.key, changed(reference.key, reference.time)).name, part.span)
        }) ?? lines[place].value
    }
  }

  /// η_t = η_0/(1 + t): the η_0 on the right is a constant, not a start.
  func separateConstants() {
    var selfReferring: Set<Int> = []
    for line in lines {
      let refersToItself = line.value.references.contains { reference, _ in
        if case .fixed = reference.time { return false }
        return reference.key == line.key
      }
      if refersToItself { selfReferring.insert(line.key) }
    }
    let constants = Set(lines.map(\.key)).subtracting(selfReferring)
    for place in lines.indices {
      lines[place].value =
        (try? lines[place].value.mapped { part in
          guard case .name(let name) = part.kind, let reference = Reference(name),
            constants.contains(reference.key), case .fixed(let step) = reference.time
          else { return nil }
          var constant = translator.keys[reference.key]
          constant.labels.append(String(step))
          return Build.name(Reference(translator.number(of: constant), .none).name, part.span)
        }) ?? lines[place].value
    }
  }

  /// α_t = α/√t: the α on the right is another one.
  func splitBases() {
    var next = translator.keys.count
    var steps: [Int: Set<Int>] = [:]
    for line in lines {
      for (reference, _) in line.value.references {
        if case .step(let step) = reference.time { steps[reference.key, default: []].insert(step) }
      }
    }
    for key in Set(lines.map(\.key)).sorted() {
      let own = lines.filter { $0.key == key }
      guard own.allSatisfy({ if case .step = $0.time { true } else { false } }) else { continue }
      let inOwn = own.flatMap { $0.value.references }.filter { $0.0.key == key }
      let bare = inOwn.contains { $0.0.time == .none }
      let stepped = steps[key, default: []].contains { step in
        own.contains { $0.time != .step(step) }
      }
      guard bare, !stepped else { continue }
      let other = next
      next += 1
      extraKeys[other] = translator.keys[key].base
      for place in lines.indices {
        lines[place].value =
          (try? lines[place].value.mapped { part in
            guard case .name(let name) = part.kind, let reference = Reference(name),
              reference.key == key, reference.time == .none
            else { return nil }
            return Build.name(Reference(other, .none).name, part.span)
          }) ?? lines[place].value
      }
    }
    var extended = translator.keys
    for key in extraKeys.keys.sorted() {
      let base = extraKeys[key] ?? ""
      let original =
        translator.keys.first { $0.base == base && $0.accents.isEmpty } ?? SymbolKey(base: base)
      extended.append(original)
    }
    keys = extended
  }

  /// b² has a line, and b is read: b = √b².
  func addRoots() {
    let assigned = Set(lines.map(\.key))
    for key in assigned.sorted() where keys[key].labels.last == "sq" {
      var plain = keys[key]
      plain.labels.removeLast()
      guard let root = keys.firstIndex(of: plain), !assigned.contains(root),
        let line = lines.first(where: { $0.key == key })
      else { continue }
      let square = Build.name(Reference(key, line.time).name, line.span)
      lines.append(
        TranslatedLine(
          key: root, time: line.time, value: Expression(.unary(.squareRoot, square), line.span),
          isAssigned: false, span: line.span, order: line.order, isRemark: false))
      if let newest = now[key] { now[root] = newest }
    }
  }

  func findNow() {
    for line in lines {
      if case .step(let step) = line.time { now[line.key] = max(now[line.key] ?? step, step) }
    }
  }
}

// MARK: Conventions

extension RuleAssembler {
  /// Why what looks like an update is none: a symbol in it that nothing defines. It is unborn where it
  /// is read as it was a step before the one that is taken, -ηu_{t-1}.
  func missing() -> (reason: String, unborn: Span?)? {
    let graph = LineGraph(lines: lines, keys: keys, gradientKeys: gradientKeys)
    let assigned = graph.assigned
    for line in lines
    where graph.keepsItself(line.key) && LineGraph.usualNames.contains(keys[line.key].base) {
      for (reference, span) in line.value.references
      where !assigned.contains(reference.key) && !gradientKeys.contains(reference.key) {
        do throws(Diagnostic) {
          try checkHyper(keys[reference.key], reference, span)
        } catch {
          return (
            "\(pretty(line.key)) is moved by no gradient: " + error.message,
            isUnborn(reference, in: line) ? span : nil
          )
        }
      }
    }
    return nil
  }

  /// Whether θ_t = θ_{t-1} - … reads a variable whose line could not be read.
  func isReadByUpdate(_ key: SymbolKey) -> Bool {
    guard let number = keys.firstIndex(of: key) else { return false }
    let graph = LineGraph(lines: lines, keys: keys, gradientKeys: gradientKeys)
    return lines.contains { line in
      line.value.references.contains { $0.0.key == number } && graph.keepsItself(line.key)
        && LineGraph.usualNames.contains(keys[line.key].base)
    }
  }

  /// Letters of a direction that anything may choose.
  private static let directions: Set<String> = ["d", "p"]

  /// A step against it, with a rate: what is only added, or is multiplied by a matrix, is given from
  /// outside as often as not.
  private func isUnborn(_ reference: Reference, in line: TranslatedLine) -> Bool {
    guard case .step(let step) = reference.time, step < 0,
      !RuleAssembler.directions.contains(keys[reference.key].base)
    else { return false }
    return TermList(line.value).terms.contains { term in
      let factors = FactorList(term.value).above
      guard term.isNegative, factors.count == 2 else { return false }
      return factors.contains { $0.names == [reference.name] }
        && factors.contains { factor in
          guard case .name(let name) = factor.kind, let rate = Reference(name) else { return false }
          return RuleAssembler.rates.contains(keys[rate.key].plainBase)
        }
    }
  }

  /// Whether the rule needs a variable whose line could not be read.
  func needs(_ key: SymbolKey) -> Bool {
    guard let number = keys.firstIndex(of: key) else { return false }
    if number == parameter { return true }
    return lines.contains { $0.value.references.contains { $0.0.key == number } }
  }
}
