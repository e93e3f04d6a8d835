// What a rule is called where its numbers are those of another method than the words name.

import Diagnostics
import Notation

extension FormulaChecker {
  /// A chapter on Adam may begin with gradient descent: that is no mistake, and it is no Adam either.
  /// - Parameter byItself: what the rule is found to be when nothing names it.
  func passUnderItsOwnName(
    _ result: inout CheckedFormula, _ words: CheckedWords, byItself: () -> Finding
  ) {
    guard result.finding?.verdict == .right, let reference = result.finding?.reference,
      let first = words.meant.first, !words.meant.contains(where: { $0.rules.contains(reference) }),
      reference == "gradient_descent"
        || words.meant.contains(where: { $0.looser.contains(reference) })
    else { return }
    // Nesterov's numbers are those of a mixture of two moments, too: by itself it has its simplest name.
    let alone = byItself()
    if alone.verdict == .right, alone.reference != nil { result.finding = alone }
    let name = alone.verdict == .right ? alone.reference ?? reference : reference
    result.title = name
    let source = words.heading.contains(first) ? "heading" : "text"
    result.finding?.details.append(
      "the \(source) speaks of \(first.title); these are the numbers of \(name)")
  }

  /// The numbers of another method than the words name, and no mistake that explains it; where one does,
  /// it is a rule of its own beside another that has the name.
  /// - Parameters:
  ///   - compared: whether it has the numbers of a rule of the catalogue is asked first, being quick.
  ///   - byItself: what the rule is found to be when nothing names it.
  func nameTheOther(
    _ result: inout CheckedFormula, _ words: CheckedWords, _ compared: ComparedRule,
    byItself: () -> Finding
  ) {
    guard result.finding?.verdict == .wrong, let first = result.meant.first else { return }
    let isOther = words.sentenceNames.contains { !result.meant.contains($0) }
    let isUnexplained = result.finding?.mistake == nil
    guard isUnexplained || isOther || !compared.equal.isEmpty else { return }
    var own = byItself()
    guard own.verdict == .right, let reference = own.reference,
      isUnexplained || isOther || FormulaChecker.isAnother(reference, than: first)
    else { return }
    // “Adam begins with momentum:”, or a chapter on AdaDelta that compares it with RMSprop.
    let near = words.sentenceNames + (words.heading.isEmpty ? words.meantAbove : [])
    if isUnexplained || isOther, let named = near.first(where: { $0.rules.contains(reference) }) {
      result.finding = own
      result.title = named.title
      return
    }
    let source = words.heading.contains(first) ? "heading says" : "text speaks of"
    own.details.append(
      "the \(source) \(first.title); this is \(reference), a rule of its own beside it")
    guard isUnexplained else {
      result.underItsOwnName = own
      return
    }
    // “From SGD to Adam”, “projected AdaGrad”: that is no name of what stands there.
    if words.caption == nil, words.sentenceNames.isEmpty, !words.headingIsPlain {
      own.details[own.details.count - 1] =
        "the heading speaks of \(first.title); these are the numbers of \(reference)"
      result.finding = own
      result.title = reference
      return
    }
    result.finding?.details.insert(
      "the \(source) \(first.title); these are the numbers of \(reference)", at: 0)
    result.underItsOwnName = own
  }

  /// Whether a rule is of another family than a method's.
  private static func isAnother(_ reference: String, than method: NamedMethod) -> Bool {
    let family = reference.prefix { $0 != "_" }
    return !(method.rules + method.looser).contains { $0.prefix { $0 != "_" } == family }
  }
}
