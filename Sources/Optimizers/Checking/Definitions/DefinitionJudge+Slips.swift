// What may be a choice and no slip: the power of a schedule, the limits of a range, the sign of a penalty
// on something that is made large.

import Diagnostics
import Notation

extension DefinitionJudge {
  /// Whether a difference is surely a mistake, for a definition that only the words name.
  func isSlip(
    _ mistake: FormulaMistake, of known: KnownDefinition, _ candidate: DefinitionCandidate,
    _ claimed: [DefinitionFamily]
  ) -> Bool {
    // A schedule without roots has a square too many, and no root is missing.
    if known.isSchedule, known.family.id != "inverse-sqrt", mistake.id == "missing-root" {
      return false
    }
    // Steps are counted from 0 or from 1.
    if known.isSchedule, claimed.isEmpty, mistake.id == "time-off-by-one" { return false }
    if known.isSchedule, claimed.isEmpty,
      DefinitionJudge.powers.contains(mistake.id) || isPower(mistake.span, candidate)
    {
      return naming.heads(known.family.words)
    }
    // What is cut off at two standard deviations is drawn wider.
    if known.isInitialisation, speaks(of: "truncat") || speaks(of: "gestutzt") { return false }
    if known.family.id == "quantise" { return !isLimit(mistake.span, candidate) }
    if known.family.id == "regularised", mistake.id == "sign",
      known.inputs.contains(where: { $0.name == "L" })
    {
      return isMadeSmall(candidate)
    }
    return true
  }

  private static let powers: Set<String> = [
    "missing-root", "extra-root", "missing-square", "extra-square", "wrong-power", "extra-exponent",
  ]

  private func isPower(_ span: Span, _ candidate: DefinitionCandidate) -> Bool {
    isWithin(span, candidate, powers)
  }

  private func powers(in math: Math) -> [Span] {
    var result: [Span] = []
    if case .scripted(_, let scripts) = math.kind, let upper = scripts.upper,
      case .number = upper.kind
    {
      result = [upper.span]
    }
    return math.children.reduce(result) { $0 + powers(in: $1) }
  }

  /// Whether a place lies in one of those that are found in the formula and in what it uses.
  private func isWithin(
    _ span: Span, _ candidate: DefinitionCandidate, _ places: (Math) -> [Span]
  ) -> Bool {
    ([candidate.definition] + candidate.others).contains { definition in
      places(definition.value).contains { place in
        place.source === span.source && place.start <= span.start && span.end <= place.end
      }
    }
  }

  // MARK: Ranges

  /// Whether a place is in the limits of a range, which is a quantiser's own.
  private func isLimit(_ span: Span, _ candidate: DefinitionCandidate) -> Bool {
    isWithin(span, candidate, limits)
  }

  private func limits(in math: Math) -> [Span] {
    var result: [Span] = []
    if case .function(let call) = math.kind, ["clip", "min", "max"].contains(call.name) {
      result = call.arguments.enumerated().filter { place, argument in
        call.name == "clip" ? place > 0 : !isRounded(argument)
      }.map(\.element.span)
    }
    return math.children.reduce(result) { $0 + limits(in: $1) }
  }

  func isRounded(_ math: Math) -> Bool {
    switch math.kind {
    case .function(let call) where ["round", "floor", "ceil"].contains(call.name): return true
    case .fenced(let fence, _) where [.floor, .ceiling].contains(fence): return true
    default: return math.children.contains(where: isRounded)
    }
  }

  // MARK: Made small or large

  /// Whether the formula is a likelihood or a reward, from which a penalty is taken off.
  func isMadeLarge(_ candidate: DefinitionCandidate) -> Bool {
    let near = around.map(\.unaccented)
    return [
      "likelihood", "maximi", "ascent", "posterior", "reward", "evidence", "vraisemblance",
      "verosimil", "verossimil", "似然", "最大化",
    ]
    .contains { word in speaks(of: word) || near.contains { $0.contains(word) } }
      || !candidate.inputKeys.isDisjoint(with: ["ell", "l"])
  }

  /// Whether something says that the formula is a loss: its words, a step of descent on it, or a
  /// heading that is the penalty's name and no sentence that could say otherwise.
  func isMadeSmall(_ candidate: DefinitionCandidate) -> Bool {
    guard !isMadeLarge(candidate) else { return false }
    let near = [words] + around.prefix(3).map(\.unaccented)
    if near.contains(where: { text in
      DefinitionJudge.losses.contains { text.contains($0) } || hasDescent(text)
    }) {
      return true
    }
    let families = KnownDefinitions.families.filter {
      ["l2", "l1", "regularised", "elastic-net"].contains($0.id)
    }
    return !naming.hasSentence
      && naming.heads(
        families.flatMap(\.words) + ["l2", "l1", "regulari", "weight decay", "penalt", "正则"])
  }

  /// What something that is made small is called.
  private static let losses = [
    "minimi", "minimal", "loss", "cost", "error", "descent", "verlust", "kosten", "fehler",
    "abstieg", "perte", "cout", "erreur", "descente", "perdida", "coste", "descenso", "perda",
    "custo", "erro", "损失", "误差", "代价", "最小", "下降", "損失", "誤差",
  ]

  /// A rate times a gradient that is taken off.
  private func hasDescent(_ text: String) -> Bool {
    let bare = DefinitionJudge.bare(text)
    return ["eta", "alpha", "gamma", "epsilon", "mu"].contains { bare.contains("-\\\($0)\\nabla") }
  }
}
