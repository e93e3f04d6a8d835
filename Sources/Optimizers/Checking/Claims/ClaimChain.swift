// An equation with one or more equals signs, side by side: a = b = c ≈ d.
//
// `=` and `≈` are told apart by what is printed; any other relation ends the chain.

import Diagnostics
import Notation

struct ClaimChain {
  struct Side {
    var math: Math
    /// It stands behind ≈, or before one.
    var isApproximate: Bool
  }

  var sides: [Side]
  var span: Span

  /// nil when the relations are no equalities.
  init?(_ item: MathItem) {
    guard case .formula(let maths, let relations) = item.kind, maths.count > 1,
      relations.count == maths.count - 1
    else { return nil }
    sides = [Side(math: maths[0], isApproximate: false)]
    for (place, relation) in relations.enumerated() {
      let (a, b) = (maths[place], maths[place + 1])
      switch relation {
      case .equals, .assign: sides.append(Side(math: b, isApproximate: false))
      case .other:
        guard ClaimChain.isApproximate(a, b) else { return nil }
        sides.append(Side(math: b, isApproximate: true))
      default: return nil
      }
    }
    span = item.span
  }

  private static func isApproximate(_ a: Math, _ b: Math) -> Bool {
    guard a.span.source === b.span.source, a.span.end <= b.span.start else { return false }
    let between = Span(a.span.source, a.span.end, b.span.start).text
    return ["approx", "≈", "simeq", "cong", "≃", "≅"].contains { between.contains($0) }
  }

  /// The same with digits in groups put together again: `10\,000 \cdot 0.01`, and a last number whose
  /// thousands are separated by commas: `= 1,234.5` reads as two items.
  static func items(_ items: [MathItem]) -> [MathItem] {
    var result: [MathItem] = []
    for item in items {
      var item = item
      if case .formula(let sides, let relations) = item.kind {
        item.kind = .formula(sides.map(GroupedDigits.joined), relations)
      }
      if case .formula(let tail, let none) = item.kind, none.isEmpty, tail.count == 1,
        case .number(let group) = tail[0].kind, let last = result.last,
        case .formula(var sides, let relations) = last.kind, !relations.isEmpty,
        let end = sides.last, let joined = joined(end, tail[0], group)
      {
        sides[sides.count - 1] = joined
        var whole = last
        whole.kind = .formula(sides, relations)
        whole.span = last.span.joined(with: item.span)
        result[result.count - 1] = whole
        continue
      }
      // 1,000 + 1 = 1,001 reads as three.
      if case .formula(var next, let after) = item.kind, !after.isEmpty, let last = result.last,
        case .formula(var sides, let relations) = last.kind, let end = sides.last,
        relations.isEmpty || !holds(next), let joined = GroupedDigits.joined(end, next[0])
      {
        sides[sides.count - 1] = joined
        next.removeFirst()
        var whole = last
        whole.kind = .formula(sides + next, relations + after)
        whole.span = last.span.joined(with: item.span)
        result[result.count - 1] = whole
        continue
      }
      if case .formula(let tail, let none) = item.kind, none.isEmpty, tail.count == 1,
        let last = result.last, case .formula(var sides, let relations) = last.kind,
        !relations.isEmpty, let end = sides.last, let joined = repeating(end, tail[0])
      {
        sides[sides.count - 1] = joined
        var whole = last
        whole.kind = .formula(sides, relations)
        whole.span = last.span.joined(with: item.span)
        result[result.count - 1] = whole
        continue
      }
      result.append(item)
    }
    return result
  }

  /// Whether sides have the same number by themselves: 100 + 5 = 105 behind `y = 2,` is no thousand.
  private static func holds(_ sides: [Math]) -> Bool {
    let evaluator = ClaimEvaluator(ClaimScope())
    let numbers = sides.map { try? evaluator.number($0) }
    guard let first = numbers.first, let first else { return false }
    return numbers.allSatisfy { $0.map { abs($0 - first) <= 1e-9 * max(1, abs(first)) } ?? false }
  }

  /// `0` and `\overline{6}` with a point and no blank between them.
  private static func repeating(_ a: Math, _ b: Math) -> Math? {
    guard case .number(let whole) = a.kind, !whole.contains("."), a.span.source === b.span.source,
      a.span.end < b.span.start, Span(a.span.source, a.span.end, b.span.start).text == ".",
      case .accented(let accent, let inner) = b.kind, accent == "bar" || accent == "overline",
      let text = GroupedDigits.repeated(whole + ".", inner)
    else { return nil }
    return Math(.number(text), a.span.joined(with: b.span))
  }

  /// `1` and `234.5` with a comma and no blank between them.
  private static func joined(_ a: Math, _ b: Math, _ group: String) -> Math? {
    let whole = group.prefix { $0 != "." }
    guard whole.count == 3, a.span.source === b.span.source, a.span.end < b.span.start,
      Span(a.span.source, a.span.end, b.span.start).text == ","
    else { return nil }
    let span = a.span.joined(with: b.span)
    switch a.kind {
    case .number(let text) where text.count <= 3 && !text.contains("."):
      // One comma alone may be a decimal comma: it is then 1.234, and this is said.
      return group.contains(".")
        ? Math(.number(text + group), span) : Math(.number(text + "." + group), span)
    case .sum(let terms) where terms.count == 1:
      guard let inner = joined(terms[0].value, b, group) else { return nil }
      return Math(.sum([MathTerm(isNegative: terms[0].isNegative, value: inner)]), span)
    default: return nil
    }
  }
}
