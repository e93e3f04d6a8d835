// Writes the lines with their final names, keeping old values where a later line still reads them.

import Diagnostics
import Notation

struct Emission {
  let assembler: RuleAssembler
  let ordered: [TranslatedLine]
  var draft = RuleDraft()
  /// Variables assigned so far.
  var done: Set<Int> = []
  /// Old values that were put aside.
  var copies: [Int: Name] = [:]
  var older: [Int: Name] = [:]
  var states: Set<Int> = []
  var oldGradient: Name?
  /// Hyperparameters met, by final name.
  var hyper: [Name: Int] = [:]
  let assigned: Set<Int>
  let parameterName: Name

  init(_ assembler: RuleAssembler, _ ordered: [TranslatedLine]) {
    self.assembler = assembler
    self.ordered = ordered
    assigned = Set(ordered.map(\.key))
    parameterName = assembler.finalNames[assembler.parameter] ?? Name(canonical: "w")
    done = Set(assembler.aliases.keys)
  }

  mutating func run() throws(Diagnostic) -> RuleDraft {
    try findStates()
    for (place, line) in ordered.enumerated() {
      try putAside(before: place, line)
      var value = try finished(line.value, in: line)
      if let given = try firstValue(line) {
        let t = Build.name("t", line.span)
        let after = Build.binary(.greater, t, Build.number(1, line.span))
        value = Build.call("where", [after, value, given], line.span)
      }
      draft.lines.append((name(line.key), value, line.span))
      done.insert(line.key)
    }
    if let oldGradient {
      draft.lines.append(
        (oldGradient, Build.name("g", ordered[0].span), ordered[0].span))
    }
    return draft
  }

  func name(_ key: Int) -> Name {
    assembler.finalNames[key] ?? Name(canonical: assembler.keys[key].plainName)
  }
}

extension RuleAssembler {
  /// Letters that mean something kept or computed, never a constant.
  static let neverConstant: Set<String> = [
    "m", "v", "u", "M", "V", "S", "U", "x", "y", "z", "w", "W", "r", "q", "G", "E", "RMS", "Delta",
    "theta", "X", "Y", "Z", "H", "D", "f", "J", "L", "d", "A", "F", "I", "O", "P", "Q", "R",
  ]

  /// Letters of rates and decays, which stay constants under an accent and at a step: β̂_k.
  static let rates: Set<String> = [
    "alpha", "beta", "gamma", "eta", "lambda", "rho", "kappa", "tau", "eps",
  ]

  /// Averages that a text has to define: E[g²], RMS[g].
  static let statistics: Set<String> = ["E", "RMS", "MS", "Var", "rms", "Mean"]

  /// - Throws: when a symbol that no line defines cannot be a constant.
  func checkHyper(_ key: SymbolKey, _ reference: Reference, _ span: Span) throws(Diagnostic) {
    let isGreek =
      GreekLetters.letter(named: key.plainBase).map { $0.properties.isLowercase } ?? false
    var isStepped = false
    if case .step = reference.time { isStepped = true }
    let isLetter = key.base.count == 1 || GreekLetters.letter(named: key.plainBase) != nil
    let isCapital = isLetter && key.base.first?.isUppercase ?? false
    let isMatrix = isCapital && RuleAssembler.isBold(span)
    let isWord = !isLetter
    let isConstantLabel = !key.labels.isEmpty && !isStepped
    if table.constants.contains(where: { $0.key == key }) { return }
    if table.distributed.contains(key) {
      throw .reading(
        "random",
        "\(Name(canonical: key.plainName).pretty) is drawn at random; a rule has no noise", span)
    }
    let fails: Bool
    if key.face == "cal" {
      fails = true
    } else if !key.accents.isEmpty {
      fails = !isGreek || isStepped && !RuleAssembler.rates.contains(key.plainBase)
    } else if isGreek {
      fails = key.base == "theta" || key.base == "delta" && isStepped && !isFactor(reference)
    } else if RuleAssembler.statistics.contains(key.base) {
      fails = true
    } else if key.base == "Delta" {
      fails = isStepped || !key.labels.allSatisfy { ["max", "min"].contains($0) || Int($0) != nil }
    } else if RuleAssembler.neverConstant.contains(key.base) {
      fails = !isConstantLabel && !isDecay(reference) && !isDivisor(reference) || isStepped
    } else {
      fails =
        isMatrix && isFactor(reference)
        || isStepped && !isWord
          && (["a", "s", "h"].contains(key.base)
            ? isSecondRate(reference)
            : isCapital || RuleAssembler.isBold(span) || !isStepSize(reference))
    }
    // s^{corrected} where s has a line, and it has none.
    var plain = key
    if let label = plain.labels.popLast(),
      ["corrected", "hat", "corr", "unbiased"].contains(label),
      keys.firstIndex(of: plain).map({ number in lines.contains { $0.key == number } }) ?? false
    {
      throw .reading(
        "undefined",
        "no formula here says what \(Name(canonical: key.plainName).pretty) is", span,
        help: "add its equation; \(Name(canonical: plain.plainName).pretty) has one")
    }
    guard fails else {
      if isStepped {
        note(
          .convention,
          "\(Name(canonical: key.plainName).pretty) is given for each step: a schedule", span)
      }
      return
    }
    throw .reading(
      "undefined",
      "no formula here says what \(Name(canonical: key.plainName).pretty) is", span,
      help: "add its equation; constants have other letters")
  }
}

extension RuleAssembler {
  /// Whether a symbol is nothing but a divisor, alone or with other
  /// constants: the Lipschitz constant of the steps 1/L and 2/(L + μ).
  private func isDivisor(_ reference: Reference) -> Bool {
    func holds(_ expression: Expression) -> Bool {
      expression.names.contains { Reference($0)?.key == reference.key }
    }
    let terms = lines.flatMap { TermList($0.value).terms.map(\.value) }.filter(holds)
    return !terms.isEmpty
      && terms.allSatisfy { term in
        var below = 0
        func isBelow(_ expression: Expression, _ depth: Int = 0) -> Bool {
          let factors = FactorList(expression)
          for factor in factors.below where holds(factor) {
            let names = factor.names
            guard !names.contains(where: { $0.canonical == "g" }),
              !names.contains(where: { name in
                lines.contains { $0.key == Reference(name)?.key }
              })
            else { return false }
            below += 1
          }
          // The m of (1 - αλ/m)·θ stands in a factor of its own.
          return factors.above.filter(holds).allSatisfy { factor in
            switch factor.kind {
            case .binary(.divide, _, _): depth < 4 && isBelow(factor, depth + 1)
            case .binary(.add, _, _), .binary(.subtract, _, _):
              depth < 4
                && TermList(factor).terms.map(\.value).filter(holds).allSatisfy {
                  isBelow($0, depth + 1)
                }
            default: false
            }
          }
        }
        return isBelow(term) && below == 1
      }
  }

  /// Whether a symbol only ever multiplies something: the step size δ of x - δ ∇f(x), not the step δ of
  /// x - δ.
  private func isFactor(_ reference: Reference) -> Bool {
    let terms = lines.flatMap { TermList($0.value).terms.map(\.value) }.filter { term in
      term.names.contains { Reference($0)?.key == reference.key }
    }
    return !terms.isEmpty
      && terms.allSatisfy { term in
        if case .binary(.multiply, _, _) = term.kind { true } else { false }
      }
  }

  /// Bold letters are vectors and matrices, never one number; the tree keeps no bold face.
  private static func isBold(_ span: Span) -> Bool {
    let text = span.text
    return ["\\mathbf", "\\boldsymbol", "\\bm", "\\pmb", "\\bold", "\\symbf", "{\\bf"].contains {
      text.hasPrefix($0)
    }
  }

  /// Whether a symbol is a factor of terms that hold the gradient, at one step, the only rate in each,
  /// and stands nowhere else: the t of x_{k+1} = x_k - t_k ∇f(x_k).
  private func isStepSize(_ reference: Reference) -> Bool {
    func holds(_ expression: Expression) -> Bool {
      expression.names.contains { Reference($0)?.key == reference.key }
    }
    let terms = lines.flatMap { TermList($0.value).terms.map(\.value) }.filter(holds)
    let graph = LineGraph(lines: lines, keys: keys, gradientKeys: gradientKeys)
    return keys[reference.key].labels.isEmpty && !terms.isEmpty
      && terms.allSatisfy { term in
        let factors = FactorList(term)
        // The gradient itself, or the direction d_k that is made of it.
        let usesGradient =
          term.usesGradient
          || factors.above.compactMap { $0.name.flatMap { Reference($0)?.key } }.contains {
            $0 != parameter && (gradientKeys.contains($0) || graph.dependsOnGradient($0))
          }
        return usesGradient && !isSecondRate(reference) && !factors.below.contains(where: holds)
          && factors.above.filter(holds).count == 1
          && factors.above.contains {
            if case .name(let name) = $0.kind { return Reference(name) == reference }
            return false
          }
      }
  }

  /// Whether it multiplies another symbol that no line defines: of the two rates of η c_t m_t one has to
  /// be said.
  private func isSecondRate(_ reference: Reference) -> Bool {
    let known = Set(lines.map(\.key)).union(gradientKeys).union([parameter, reference.key])
    return lines.flatMap { TermList($0.value).terms.map(\.value) }.contains { term in
      let keys = FactorList(term).above.compactMap { factor in
        factor.name.flatMap { Reference($0)?.key }
      }
      return keys.contains(reference.key) && !keys.allSatisfy(known.contains)
    }
  }

  /// Whether a symbol multiplies the older self of a state: the m of v_{t+1} = m v_t + ….
  private func isDecay(_ reference: Reference) -> Bool {
    lines.contains { line in
      line.key != parameter
        && TermList(line.value).terms.contains { term in
          let factors = FactorList(term.value)
          func holds(_ key: Int) -> Bool {
            factors.above.contains {
              if case .name(let name) = $0.kind { return Reference(name)?.key == key }
              return false
            }
          }
          return holds(line.key) && holds(reference.key)
        }
    }
  }
}

extension SymbolKey {
  /// The Greek letter without its variant.
  var plainBase: String {
    switch base {
    case "epsilon", "varepsilon": "eps"
    case "varphi": "phi"
    case "vartheta": "theta"
    case "varrho": "rho"
    case "varsigma": "sigma"
    default: base
    }
  }
}
