// Lines that the parameter does not need, and one that is understood: w = w + Δw.

import Diagnostics
import Notation

extension RuleAssembler {
  /// Δw = -η ∂E/∂w alone: w = w + Δw is meant.
  func addChange() throws(Diagnostic) {
    let graph = LineGraph(lines: lines, keys: keys, gradientKeys: gradientKeys)
    guard graph.candidates.filter({ keys[$0].base != "Delta" }).isEmpty else { return }
    for line in lines where keys[line.key].base == "Delta" {
      guard let letter = keys[line.key].labels.first, graph.dependsOnGradient(line.key) else {
        continue
      }
      let target = SymbolKey(base: letter)
      guard let number = keys.firstIndex(of: target),
        !lines.contains(where: { $0.key == number })
      else { continue }
      // Beside w_k, as in ∇E(w_k), it is w_{k+1} = w_k + Δw_k.
      let steps = lines.flatMap { $0.value.references }.compactMap { reference, _ -> Int? in
        if reference.key == number, case .step(let step) = reference.time { step } else { nil }
      }
      let before = steps.max().map { TimeMark.step($0) } ?? .none
      let after = steps.max().map { TimeMark.step($0 + 1) } ?? .none
      let itself = Build.name(Reference(number, before).name, line.span)
      let change = Build.name(Reference(line.key, line.time).name, line.span)
      lines.append(
        TranslatedLine(
          key: number, time: after, value: Build.binary(.add, itself, change),
          isAssigned: steps.isEmpty, span: line.span, order: line.order, isRemark: false))
      // Its newest step is the one that this line makes.
      findNow()
      note(
        .convention, "\(pretty(number)) = \(pretty(number)) + \(pretty(line.key)) is understood",
        line.span)
      return
    }
  }

  /// Lines that the parameter does not need: a second parameter with the same rule, an unused state,
  /// a definition in passing.
  func dropOthers(_ graph: LineGraph) throws(Diagnostic) {
    let needed = graph.closure(of: parameter).union([parameter])
    let others = graph.candidates.filter { key in
      !needed.contains(key) && graph.keepsItself(key) && keys[key].base != "Delta"
        && (LineGraph.usualNames.contains(keys[key].base)
          && keys[key].labels.allSatisfy { $0.hasPrefix("(") } && keys[key].accents.isEmpty
          || translator.gradientVariables.contains { $0.key == key })
    }
    var dropped: Set<Int> = []
    for other in others {
      let own = graph.closure(of: other).union([other]).subtracting(needed)
      let mine = needed.subtracting(graph.closure(of: other))
      guard sameShape(own, mine, other: other) else {
        throw .reading(
          "two-parameters",
          "\(pretty(parameter)) and \(pretty(other)) are moved by different rules",
          place(other), help: "read the formulas of one parameter at a time")
      }
      note(
        .convention,
        "the lines of \(pretty(other)) are the same rule for another parameter",
        place(other) ?? lines[0].span)
      dropped.formUnion(own)
    }
    lines.removeAll { dropped.contains($0.key) }
    for key in Set(lines.map(\.key)).subtracting(needed).sorted() {
      if graph.dependsOnItself(key), graph.dependsOnGradient(key) {
        note(
          .ambiguity, "\(pretty(key)) is computed and never used", place(key) ?? lines[0].span)
      } else {
        if let span = place(key) {
          note(.left, "\(pretty(key)) is not part of the update", span)
        }
        lines.removeAll { $0.key == key }
      }
    }
  }

  /// Whether two groups of lines are the same with other names.
  func sameShape(_ a: Set<Int>, _ b: Set<Int>, other: Int) -> Bool {
    func shape(_ group: Set<Int>) -> [String] {
      var names: [Int: Int] = [:]
      return lines.filter { group.contains($0.key) }.map { line in
        func text(_ expression: Expression) -> String {
          switch expression.kind {
          case .name(let name):
            guard let reference = Reference(name) else { return "grad" }
            if gradientKeys.contains(reference.key) { return "grad" }
            if group.contains(reference.key) {
              if names[reference.key] == nil { names[reference.key] = names.count }
              return "v\(names[reference.key] ?? 0)\(reference.time.code)"
            }
            return name.canonical
          case .call(let callee, let arguments):
            let head = callee.path.first?.canonical ?? ""
            if head == "grad" { return "grad" }
            return head + "(" + arguments.map { text($0.value) }.joined(separator: ",") + ")"
          case .binary(let operation, let l, let r):
            return "(" + text(l) + operation.rawValue + text(r) + ")"
          case .unary(let operation, let inner): return operation.rawValue + text(inner)
          case .number(let value, _): return "\(value)"
          default: return "?"
          }
        }
        if names[line.key] == nil { names[line.key] = names.count }
        return "v\(names[line.key] ?? 0)\(line.time.code)=" + text(line.value)
      }
    }
    return shape(a) == shape(b)
  }
}
