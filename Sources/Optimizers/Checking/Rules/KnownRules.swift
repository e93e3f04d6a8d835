// The catalogue as the search for mistakes sees it: rules that run quickly, and for each one with ε
// beside a root the same with ε inside, which is a variant and no mistake, as are `KnownForms`.

import Notation

struct KnownRule: Sendable {
  /// The catalogue's name.
  let name: String
  let rule: Rule
  let quick: QuickRule
  let roles: RoleValues
  /// What makes it another than the catalogue's rule of this name: “ε inside the root”.
  let variant: String?
  let states: Int
  /// It keeps something that the parameter does not depend on.
  let hasIdle: Bool

  private init?(_ name: String, _ rule: Rule, variant: String? = nil) {
    guard let quick = QuickRule(rule) else { return nil }
    self.name = name
    self.rule = rule
    self.quick = quick
    self.variant = variant
    roles = RoleValues(rule.declaration)
    states = rule.stateNames.count
    hasIdle = !rule.declaration.idleNames.isEmpty
  }

  static let all: [KnownRule] = {
    var found: [KnownRule] = []
    var variants: [KnownRule] = []
    for name in RuleLibrary.names where !name.contains(".") {
      guard let rule = try? RuleLibrary.rule(named: name), !rule.isStage,
        let known = KnownRule(name, rule)
      else { continue }
      found.append(known)
      guard let inside = epsilonInside(rule.declaration), let other = try? Rule(inside),
        let variant = KnownRule(name, other, variant: "ε inside the root")
      else { continue }
      variants.append(variant)
    }
    for form in KnownForms.all {
      guard let rule = KnownForms.rule(form),
        let variant = KnownRule(form.name, rule, variant: form.says)
      else { continue }
      variants.append(variant)
    }
    return found + variants
  }()

  static func named(_ names: [String]) -> [KnownRule] {
    all.filter { names.contains($0.name) }
  }

  /// The names' own order, which begins with the usual rule.
  static func inOrder(_ names: [String]) -> [KnownRule] {
    var result: [KnownRule] = []
    for name in names where !result.contains(where: { $0.name == name }) {
      result += all.filter { $0.name == name }
    }
    return result
  }

  /// √v + ε → √(v + ε); nil where there is none.
  private static func epsilonInside(_ declaration: RuleDeclaration) -> RuleDeclaration? {
    var result = declaration
    var hasChanged = false
    result.body = declaration.body.map { statement in
      guard case .assign(var line) = statement else { return statement }
      var changed = false
      line.value = line.value.replacing { part in
        guard case .binary(.add, let root, let epsilon) = part.kind,
          case .unary(.squareRoot, let inner) = root.kind, case .name(let name) = epsilon.kind,
          name.canonical.hasPrefix("eps")
        else { return nil }
        changed = true
        return Expression(
          .unary(.squareRoot, Expression(.binary(.add, inner, epsilon), part.span)), part.span)
      }
      hasChanged = hasChanged || changed
      return .assign(line)
    }
    return hasChanged ? result : nil
  }
}
