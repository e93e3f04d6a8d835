// A factor with the sum's own index that is missing under it: Σᵢ (ŷᵢ - yᵢ) for Σᵢ (ŷᵢ - yᵢ)xᵢ.
//
// Every indexed symbol of the function is tried, with the sum's letter and with the letter of the
// component that the derivative is taken by.

import Diagnostics
import Notation

enum SumFactor {
  /// The factor whose presence makes a claim right, as it is read; nil when none does.
  static func missing(
    _ claim: Math, _ usage: ClaimUsage, _ isStopped: Stopping, isRight: (Math) -> Bool
  ) -> String? {
    var found: String?
    _ = MathRewrite.topDown(claim) { part in
      guard found == nil, case .big("sum", let scripts, let body) = part.kind,
        let letter = letter(scripts)
      else { return nil }
      for factor in candidates(letter, usage, part) where !isStopped() {
        let sum = Math(
          .big(
            "sum", scripts,
            Math(
              .product([
                MathFactor(
                  sign: .implicit, value: Math(.fenced(.parenthesis, [body]), body.span)),
                MathFactor(sign: .times, value: factor.math),
              ]), body.span)), part.span)
        let changed = MathRewrite.topDown(claim) { other in
          if case .big = other.kind, isSame(other.span, part.span) { sum } else { nil }
        }
        if isRight(changed) {
          found = factor.name
          break
        }
      }
      return nil
    }
    return found
  }

  private static func isSame(_ a: Span, _ b: Span) -> Bool {
    a.source === b.source && a.start == b.start && a.end == b.end
  }

  private static func letter(_ scripts: MathScripts) -> Math? {
    guard let lower = scripts.lower.first else { return nil }
    if case .relation(let sides, _) = lower.kind { return sides.first }
    return lower
  }

  private static func candidates(_ letter: Math, _ usage: ClaimUsage, _ part: Math) -> [(
    name: String, math: Math
  )] {
    var result: [(name: String, math: Math)] = []
    let open = usage.openLetters.union(usage.scope.indexLetters).sorted().map {
      Math(.symbol(MathSymbol($0)), part.span)
    }
    let defined = usage.met.filter { usage.scope.definitions[$0]?.binders.isEmpty == false }
    let free = usage.free.keys.filter { (usage.free[$0] ?? 0) > 0 }
    for key in defined.union(free).sorted() {
      guard let head = usage.spans[key].flatMap(stem) else { continue }
      func add(_ lower: [Math], _ upper: Math?) {
        var scripts = MathScripts()
        scripts.lower = lower
        scripts.upper = upper.map { Math(.fenced(.parenthesis, [$0]), part.span) }
        let above = upper.map { "^{(\(name($0)))}" } ?? ""
        let below = lower.isEmpty ? "" : "_{\(lower.map(name).joined())}"
        result.append(
          (
            ClaimText.pretty((usage.names[key] ?? key) + below + above),
            Math(.scripted(head, scripts), part.span)
          ))
      }
      let isAbove = usage.spans[key]?.text.contains("^") ?? false
      if isAbove { add([], letter) } else { add([letter], nil) }
      for other in open where name(other) != name(letter) {
        if isAbove {
          add([other], letter)
        } else {
          add([letter, other], nil)
          add([other, letter], nil)
        }
      }
    }
    return result
  }

  private static func name(_ letter: Math) -> String { indexLike(letter)?.letter ?? "" }

  /// x of `x_i`, `x^{(i)}`.
  private static func stem(_ span: Span) -> Math? {
    guard let text = try? TeXText(span), case .formula(let sides, _)? = text.items.first?.kind,
      let first = sides.first
    else { return nil }
    var math = first
    while case .scripted(let base, _) = math.kind { math = base }
    return math
  }
}
