// Abbreviations that texts use without their equation: m̂ called bias-corrected, RMS[g].

import Diagnostics
import Notation

extension RuleAssembler {
  /// RMS[x]_t where E[x²]_t has a line: √(E[x²]_t + ε).
  func supplyRoots() {
    let assigned = Set(lines.map(\.key))
    for (number, key) in translator.keys.enumerated() {
      guard !assigned.contains(number), ["RMS", "rms", "Rms"].contains(key.base),
        key.labels.count == 1, key.accents.isEmpty,
        let mean = translator.keys.indices.first(where: { place in
          let other = translator.keys[place]
          return ["E", "MS", "Mean"].contains(other.base) && assigned.contains(place)
            && other.labels == [key.labels[0] + "2"]
        }), let line = lines.first(where: { $0.key == mean })
      else { continue }
      let span = place(number) ?? line.span
      let known = translator.keys.first { key in
        key.plainBase == "eps" && key.labels.isEmpty
          && !table.assignments.contains { $0.key == key }
      }
      let eps = Reference(translator.number(of: known ?? SymbolKey(base: "epsilon")), .none)
      let square = Build.name(Reference(mean, line.time).name, span)
      let inside = Build.binary(.add, square, Build.name(eps.name, span))
      lines.append(
        TranslatedLine(
          key: number, time: line.time, value: Expression(.unary(.squareRoot, inside), span),
          isAssigned: false, span: span, order: line.order, isRemark: true))
      note(
        .convention,
        "\(span.text) has no formula; it is read as the root of \(pretty(mean)) + ε", span)
    }
  }

  /// RMS[x] of a text that says nothing of E[x²] either: AdaDelta's decaying average.
  func supplyAverages() {
    let assigned = Set(lines.map(\.key))
    for (number, key) in translator.keys.enumerated() {
      guard !assigned.contains(number), ["RMS", "rms", "Rms"].contains(key.base),
        key.labels.count == 1, key.accents.isEmpty
      else { continue }
      let label = key.labels[0]
      let isGiven = lines.contains { line in
        ["E", "MS", "Mean"].contains(translator.keys[line.key].base)
          && translator.keys[line.key].labels == [label + "2"]
      }
      let uses = lines.flatMap { line in
        line.value.references.filter { $0.0.key == number }.map { ($0.0.time, line.order, $0.1) }
      }
      guard !isGiven, let use = uses.first,
        let inner = translator.keys.firstIndex(where: {
          ([$0.base] + $0.labels).joined(separator: "_") == label && $0.accents.isEmpty
        })
      else { continue }
      let span = use.2
      let time = lines.first { $0.key == inner }?.time ?? use.0
      var before = time
      if case .step(let step) = time { before = .step(step - 1) }
      let decay = Build.name(
        Reference(translator.number(of: SymbolKey(base: "rho")), .none).name, span)
      let mean = translator.number(of: SymbolKey(base: "E", labels: [label + "2"]))
      let old = Build.binary(.multiply, decay, Build.name(Reference(mean, before).name, span))
      let square = Build.binary(
        .power, Build.name(Reference(inner, time).name, span), Build.number(2, span))
      let weight = Build.binary(.subtract, Build.number(1, span), decay)
      lines.append(
        TranslatedLine(
          key: mean, time: time,
          value: Build.binary(.add, old, Build.binary(.multiply, weight, square)),
          isAssigned: false, span: span, order: use.1, isRemark: true))
      let shown = Name(canonical: translator.keys[inner].plainName).pretty
      note(
        .convention,
        "no formula says of what \(span.text) is the root; as in AdaDelta it is the average "
          + "E[\(shown)²] with the decay ρ", span)
    }
  }

  /// x̂ of an average x, called bias-corrected in words alone: x/(1 - β^t).
  func supplyCorrections() {
    let assigned = Set(lines.map(\.key))
    for (number, key) in translator.keys.enumerated() {
      guard !assigned.contains(number), key.accents == ["hat"] else { continue }
      var plain = key
      plain.accents = []
      guard let base = translator.keys.firstIndex(of: plain),
        let line = lines.first(where: { $0.key == base }), let decay = decay(of: line)
      else { continue }
      let span = place(number) ?? line.span
      let power = Build.binary(.power, decay, Build.name(counterName, span))
      let below = Build.binary(.subtract, Build.number(1, span), power)
      let value = Build.binary(
        .divide, Build.name(Reference(base, line.time).name, span), below)
      lines.append(
        TranslatedLine(
          key: number, time: line.time, value: value, isAssigned: false, span: span,
          order: line.order, isRemark: true))
      note(
        .convention,
        "\(pretty(number)) has no formula; the text calls it bias-corrected, so it is "
          + "\(pretty(base))/(1 - βᵗ)", span)
    }
  }

  /// The β of x = βx + (1 - β)…
  private func decay(of line: TranslatedLine) -> Expression? {
    for term in TermList(line.value).terms {
      let factors = FactorList(term.value)
      let hasSelf = factors.above.contains {
        if case .name(let name) = $0.kind { return Reference(name)?.key == line.key }
        return false
      }
      guard hasSelf, factors.above.count == 2 else { continue }
      return factors.above.first {
        if case .name(let name) = $0.kind { return Reference(name)?.key != line.key }
        return true
      }
    }
    return nil
  }
}
