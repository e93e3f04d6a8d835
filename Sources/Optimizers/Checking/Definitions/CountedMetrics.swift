// Figures of merit from a table of hits and misses: precision, recall, accuracy and their kin.
//
// All four counts have a meaning of their own, so a formula that names one figure and is made of counts
// can be worked out whichever of them it uses, and is wrong when its numbers are another's.

import Notation

/// How many of each kind there are.
struct CountTable {
  var tp, tn, fp, fn: Double

  static let samples = [
    CountTable(tp: 31, tn: 47, fp: 7, fn: 13), CountTable(tp: 12, tn: 5, fp: 19, fn: 3),
    CountTable(tp: 2, tn: 88, fp: 6, fn: 41),
  ]

  /// `TP = 31, TN = 47, FP = 7, FN = 13`
  var text: String {
    [("TP", tp), ("TN", tn), ("FP", fp), ("FN", fn)]
      .map { "\($0) = \(DefinitionJudge.short($1))" }.joined(separator: ", ")
  }

  var total: Double { tp + tn + fp + fn }
  var precision: Double { tp / (tp + fp) }
  var recall: Double { tp / (tp + fn) }
  var specificity: Double { tn / (tn + fp) }
  var accuracy: Double { (tp + tn) / total }

  /// By a family's id; nil for what is no such figure.
  func figure(_ id: String) -> Double? {
    switch id {
    case "accuracy": accuracy
    case "error-rate": 1 - accuracy
    case "precision": precision
    case "recall": recall
    case "specificity": specificity
    case "false-positive-rate": 1 - specificity
    case "false-negative-rate": 1 - recall
    case "negative-predictive-value": tn / (tn + fn)
    case "f1": 2 * precision * recall / (precision + recall)
    case "balanced-accuracy": (recall + specificity) / 2
    case "jaccard": tp / (tp + fp + fn)
    case "matthews":
      (tp * tn - fp * fn)
        / ((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)).squareRoot()
    default: nil
    }
  }

  /// What a symbol stands for. P and N are precision and the number of all, or how many are positive
  /// and negative.
  func value(_ key: String, pIsCount: Bool) -> Double? {
    switch DefinitionCandidate.plain(key).lowercased().filter({ $0 != "_" && $0 != "," }) {
    case "tp": tp
    case "tn": tn
    case "fp": fp
    case "fn": fn
    case "precision", "prec", "ppv", "pr": precision
    case "recall", "rec", "sensitivity", "sens", "tpr", "hitrate", "r": recall
    case "specificity", "spec", "tnr", "selectivity": specificity
    case "accuracy", "acc": accuracy
    case "fpr": 1 - specificity
    case "fnr": 1 - recall
    case "f1", "f1score": figure("f1")
    case "p": pIsCount ? tp + fn : precision
    case "n": pIsCount ? tn + fp : total
    case "total", "all", "samples": total
    default: nil
    }
  }
}

extension DefinitionJudge {
  /// A figure that the left side names, of counts and figures alone; nil for anything else.
  func counted(_ candidate: DefinitionCandidate, _ claimed: [DefinitionFamily]) -> Finding? {
    let keys = candidate.shape.symbols.map(\.key)
    guard !keys.isEmpty, let first = CountTable.samples.first,
      let family = figure(candidate, claimed), first.figure(family.id) != nil,
      keys.allSatisfy({ first.value($0, pIsCount: false) != nil }),
      candidate.shape.symbols.allSatisfy({ $0.axes.isEmpty })
    else { return nil }
    func isRight(_ pIsCount: Bool, _ changed: [String: String] = [:]) -> Bool? {
      for table in CountTable.samples {
        guard let found = value(candidate, table, pIsCount, changed),
          let figure = table.figure(family.id)
        else { return nil }
        guard abs(found - figure) <= 1e-9 else { return false }
      }
      return true
    }
    for pIsCount in [false, true] {
      guard let right = isRight(pIsCount) else { return nil }
      if right {
        return Finding(
          .right, "= \(family.title)",
          measure: "same for \(CountTable.samples.count) tables of counts",
          details: [], reference: family.title)
      }
    }
    // The first letter of a figure that the words only speak of is none of it.
    guard claimed.contains(family) || naming.names(family.words + [family.id]) else { return nil }
    var details: [String] = []
    let counts = ["TP", "TN", "FP", "FN"]
    let changes = keys.sorted().flatMap { key in
      counts.filter { $0 != key.uppercased() }.map { (key, $0) }
    }
    let change = changes.first { isRight(false, [$0.0: $0.1]) == true }
    if let change { details.append("\(pretty(change.0)) stands where \(change.1) belongs") }
    let ratios = CountTable.samples.compactMap { table -> Double? in
      guard let found = value(candidate, table, false, [:]), let figure = table.figure(family.id)
      else { return nil }
      return found / figure
    }
    let isHalf =
      ratios.count == CountTable.samples.count && ratios.allSatisfy { abs($0 - 0.5) < 1e-9 }
    if isHalf { details.append("a factor 2 is missing: it is half of it") }
    if let found = value(candidate, first, false, [:]), let figure = first.figure(family.id) {
      details.append(
        "for \(first.text) the formula gives \(DefinitionJudge.short(found))"
          + ", \(family.title) is \(DefinitionJudge.short(figure))")
    }
    if let builtin = KnownDefinitions.metrics.first(where: { $0.family == family }) {
      details.append("compared with \(builtin.builtin): \(builtin.says)")
    }
    return Finding(
      .wrong, "≠ \(family.title)", details: details,
      mistake: change != nil ? "wrong-count" : isHalf ? "factor-two" : nil,
      span: candidate.definition.value.span,
      reference: family.title)
  }

  /// The figure that the left side names, or its first letter and the words.
  private func figure(_ candidate: DefinitionCandidate, _ claimed: [DefinitionFamily])
    -> DefinitionFamily?
  {
    let figures = KnownDefinitions.metrics.map(\.family)
    if let family = claimed.first(where: { figures.contains($0) }) { return family }
    let key = candidate.definition.key.lowercased()
    guard key.count == 1 else { return nil }
    // “Precision”, and P = TP/(TP + FP).
    let meant = figures.filter { $0.id.hasPrefix(key) && speaks(of: $0.id) }
    return meant.first
  }

  private func value(
    _ candidate: DefinitionCandidate, _ table: CountTable, _ pIsCount: Bool,
    _ changed: [String: String]
  ) -> Double? {
    var values: [String: FormulaValue] = [:]
    for symbol in candidate.shape.symbols {
      guard let value = table.value(changed[symbol.key] ?? symbol.key, pIsCount: pIsCount) else {
        return nil
      }
      values[symbol.key] = FormulaValue(value)
    }
    let evaluator = DefinitionEvaluator(candidate.notation, values: values)
    return (try? evaluator.array(candidate.definition.value, over: []))?.scalar
  }
}
