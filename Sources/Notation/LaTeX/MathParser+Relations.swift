// What may stand between the sides of an equation.

import Diagnostics

extension MathParser {
  /// The relation that comes next, read past.
  mutating func relation() throws(Diagnostic) -> TeXRelation? {
    let token = peek
    switch token.kind {
    case .sign("="):
      position += 1
      if peek.isSign("="), !peek.spaced { position += 1 }
      return .equals
    case .sign(":"):
      guard self.token(1).isSign("=") else { return nil }
      position += 2
      return .assign
    case .sign("+"), .sign("-"), .sign("*"), .sign("/"):
      // `db + = dz`: a sum has no end there.
      guard self.token(1).isSign("="), let sign = token.sign,
        !self.token(1).spaced || sign == "+" || sign == "-"
      else { return nil }
      if self.token(1).spaced {
        let span = Span(source, token.start, self.token(1).end)
        if remarks.count < TeXLimits.remarks, remarked.insert(span.start).inserted {
          remarks.append(
            TeXRemark(kind: .slip, text: "\(span.text) is read as \(sign)=, an update", span: span))
        }
      }
      position += 2
      return .update(sign)
    case .sign("<"):
      position += 1
      if peek.isSign("-"), !peek.spaced, self.token(1).spaced {
        position += 1
        return .assign
      }
      if peek.isSign("="), !peek.spaced {
        position += 1
        return .lessOrEqual
      }
      return .less
    case .sign(">"):
      position += 1
      if peek.isSign("="), !peek.spaced {
        position += 1
        return .greaterOrEqual
      }
      return .greater
    case .command(let name): return try relation(named: name, token)
    default: return nil
    }
  }

  mutating func relation(named name: String, _ token: TeXToken) throws(Diagnostic)
    -> TeXRelation?
  {
    if let relation = TeXCommands.relations[name] {
      position += 1
      // \propto_{\mu}, \leftarrow_R: what stands below says how it is meant, and it assigns nothing.
      if atSubscript {
        _ = try scripts(base: nil)
        return relation.isDefining || relation == .becomes ? .other : relation
      }
      return relation
    }
    switch name {
    case "mathrel":
      position += 1
      let inner = Array(try group(of: token))
      if inner.count == 1, let sign = inner[0].sign, peek.isSign("="), "+-*/".contains(String(sign))
      {
        position += 1
        return .update(sign)
      }
      if inner.count == 2, let sign = inner[0].sign, inner[1].isSign("=") {
        return sign == ":" ? .assign : .update(sign)
      }
      if inner.count == 1, inner[0].isSign(":"), peek.isSign("=") {
        position += 1
        return .assign
      }
      throw .tex("relation", "this relation is not known", at(token))
    case "stackrel", "overset", "underset":
      // `\overset{def}{=}`
      let start = position
      position += 1
      _ = try group(of: token)
      guard peek.kind == .beginGroup else {
        position = start
        return nil
      }
      let base = Array(try group(of: token))
      if base.count == 1, base[0].isSign("=") { return .equals }
      if base.count == 1, let name = base[0].command, let relation = TeXCommands.relations[name] {
        return relation
      }
      position = start
      if name == "underset" { return nil }
      throw .tex("overset", "what stands over this is not understood", at(token))
    case "not":
      if self.token(1).isCommand("in") {
        position += 2
        return .other
      }
      guard self.token(1).isSign("=") else {
        throw .tex("relation", "this relation is not known", at(token))
      }
      position += 2
      return .notEqual
    default: return nil
    }
  }
}
