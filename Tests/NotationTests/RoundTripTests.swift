// Law: what is printed parses to the same tree, in both forms.

import Diagnostics
import Testing

@testable import Notation

@Suite struct RoundTrip {
  @Test(arguments: 0..<40) func randomTrees(block: UInt64) throws {
    for seed in (block * 100)..<(block * 100 + 100) {
      var generator = ExpressionGenerator(seed: seed)
      let tree = generator.expression(Int(seed % 6))
      for form in [TextForm.pretty, .ascii] {
        let text = tree.text(form)
        let again: Expression
        do {
          again = try parse(text)
        } catch {
          Issue.record(
            "\(text)\n\(DiagnosticRenderer().text(error.diagnostic))\n\(structure(tree))")
          continue
        }
        let expected = form == .ascii ? tree.gradientsAsCalls : tree
        let isSame = again.isSame(as: expected)
        #expect(isSame, "\(text)\n\(structure(expected))\n\(structure(again))")
        let textAgain = again.text(form)
        #expect(textAgain == text)
      }
    }
  }

  @Test func asciiIsASCII() {
    for seed in UInt64(0)..<300 {
      var generator = ExpressionGenerator(seed: seed)
      let text = generator.expression(4).text(.ascii)
      #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(text)")
    }
  }
}

extension Expression {
  /// `∇L` as `grad(L)`, which is how it prints in ASCII.
  fileprivate var gradientsAsCalls: Expression {
    var copy = self
    switch kind {
    case .number, .string, .name: break
    case .list(let elements): copy.kind = .list(elements.map(\.gradientsAsCalls))
    case .unary(let f, let a): copy.kind = .unary(f, a.gradientsAsCalls)
    case .binary(let f, let a, let b):
      copy.kind = .binary(f, a.gradientsAsCalls, b.gradientsAsCalls)
    case .call(let f, let arguments):
      copy.kind = .call(
        f,
        arguments.map {
          Argument(label: $0.label, labelSpan: $0.labelSpan, value: $0.value.gradientsAsCalls)
        })
    case .index(let a, let subscripts):
      copy.kind = .index(
        a.gradientsAsCalls,
        subscripts.map {
          switch $0 {
          case .at(let e): .at(e.gradientsAsCalls)
          case .slice(let a, let b, let c, let span):
            .slice(a?.gradientsAsCalls, b?.gradientsAsCalls, c?.gradientsAsCalls, span)
          }
        })
    case .member(let a, let name): copy.kind = .member(a.gradientsAsCalls, name)
    case .gradient(let a):
      let callee = Callee(path: [Name(canonical: "grad")], span: span)
      copy.kind = .call(callee, [Argument(value: a.gradientsAsCalls)])
    }
    return copy
  }
}
