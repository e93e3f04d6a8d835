// Texts as data: characters and their numbers, there and back, and text drawn from a model.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct DataTextTests {
  @Test func charactersAndNumbers() throws {
    let folder = try TemporaryFolder()
    try folder.file("a.txt", "\u{FEFF}bä\r\nab\n")
    let lines = "data d = text(\"\(folder.path("a.txt"))\")"
    #expect(value("d.codes", after: lines) == Tensor([2, 3, 0, 1, 2, 0], shape: [6], type: .int64))
    #expect(value("d.vocabulary", after: lines)?.elements == [10, 97, 98, 228])
    #expect(value("d.classes", after: lines)?.scalar == 4)
    #expect(value("encode(d, \"aä\")", after: lines)?.elements == [1, 3])
    let (interpreter, _) = session(after: lines)
    let expression = try Parser(Source("decode(d, d.codes)")).parsed()
    #expect(try interpreter.session.text(of: expression) == "bä\nab\n")
  }

  @Test func nextCharacters() throws {
    let lines = "data d = text(\"walrus.txt\")\nX = windows(d.codes[:-1], 8); y = d.codes[8:]"
    #expect(value("size(X, axis=0) - size(y)", after: lines)?.scalar == 0)
    #expect(value("sum(abs(X[1:, -1] - y[:-1]))", after: lines)?.scalar == 0)
  }

  @Test func whatIsDrawnFollowsTheLogits() throws {
    let folder = try TemporaryFolder()
    try folder.file("a.txt", "abcabc")
    // After a comes b, after b c, after c a.
    let lines = """
      data d = text("\(folder.path("a.txt"))")
      let W = 50*[[0, 1, 0], [0, 0, 1], [1, 0, 0]]
      f(c) = one_hot(c, 3) @ W
      """
    let (interpreter, errors) = session(after: lines + "\ngenerate 5 with f from d start=\"ab\"")
    #expect(errors.isEmpty, "\(errors)")
    #expect(interpreter.session.answer?.elements == [0, 1, 2, 0, 1, 2, 0])
    interpreter.run(Source("generate 200 with f from d start=\"a\", temperature=1000, seed=1"))
    let first = try #require(interpreter.session.answer).elements
    let counts = (0..<3).map { code in first.count { $0 == Double(code) } }
    #expect(counts.allSatisfy { (40...95).contains($0) }, "\(counts)")
    interpreter.run(Source("generate 200 with f from d start=\"a\", temperature=1000, seed=1"))
    #expect(interpreter.session.answer?.elements == first)
    interpreter.run(Source("generate 200 with f from d start=\"a\", temperature=1000, seed=2"))
    #expect(interpreter.session.answer?.elements != first)
  }

  @Test(arguments: [
    ("encode(d, \"$\")", "text.unknown"), ("decode(d, [99])", "text.code"),
    ("decode(d, [0.5])", "text.code"), ("decode(w, [1])", "text.decode"),
    ("encode(w, \"a\")", "text.encode"), ("x = decode(d, [1])", "value.text"),
    ("d.nothing", "data.field"), ("data e = text(\"/tmp\")", "file.folder"),
    ("generate 5 with f from d", "generate.logits"),
    ("generate 5 with f from w", "generate.data"), ("generate 0 with f from d", "number.small"),
    ("generate 5 with f from d window=3", "generate.window"),
    ("generate 5 with nothing from d", "function.unknown"),
    ("generate 5 with f from d heat=3", "generate.option"),
    ("export d to \"/tmp/x.npz\"", "value.not-a-tensor"),
  ])
  func badCallsAreOneError(_ line: String, _ id: String) {
    let (interpreter, errors) = session(
      after: "data d = text(\"walrus.txt\")\nparam w = [1, 2]\nf(c) = [1, 2]\n" + line)
    #expect(errors.map(\.id) == [id], "\(errors)")
    #expect(interpreter.session.lines.count == 3)
  }

  @Test func decodingInAFunctionAndOfWhatAModelGives() throws {
    let folder = try TemporaryFolder()
    try folder.file("a.txt", "cab")
    let (interpreter, errors) = session(
      after: """
        data d = text("\(folder.path("a.txt"))")
        k(c) = decode(d, c)
        param w = [0, 5, 1]
        """)
    #expect(errors.isEmpty)
    for (line, text) in [
      ("k([2, 0])", "ca"), ("decode(d, argmax([w, w], axis=1))", "bb"), ("k(argmax(w))", "b"),
    ] {
      #expect(try interpreter.session.text(of: Parser(Source(line)).parsed()) == text)
      var shown: [String] = []
      interpreter.surface.show = { shown += $0.text(Format(width: 80)).map(\.plain) }
      interpreter.run(Source(line))
      #expect(shown == [text])
    }
  }

  @Test func namesAndTextsOfFilesCommandNoTerminal() throws {
    let folder = try TemporaryFolder()
    let bad = "a\u{1B}[31mb\u{7}\u{9B}c\r\u{202E}"
    try folder.file("a.txt", bad)
    try folder.file("a.csv", "\(bad),n\n\(bad),1\nx,2\n")
    try ArrayFile.write(
      [NamedTensor(bad, Tensor(1)), NamedTensor("b", Tensor(2))], to: folder.path("a.safetensors"),
      at: somewhere)
    var shown: [StyledText] = []
    let interpreter = Interpreter(
      surface: Surface(show: { shown += $0.text(Format(width: 100)) }))
    let lines = [
      "data t = text(\"\(folder.path("a.txt"))\")", "show t", "decode(t, t.codes)",
      "decode(t, [0])",
      "data d = csv(\"\(folder.path("a.csv"))\")", "show d", "d[\"q\"]", "columns(d)", "show",
      "data s = safetensors(\"\(folder.path("a.safetensors"))\")", "show s", "s.q",
      "param w = 1", "import \"\(folder.path("a.safetensors"))\"",
    ]
    for line in lines { interpreter.run(Source(line)) }
    #expect(shown.contains { $0.plain.contains("a^[[31mb^G^?c") })
    for line in shown {
      #expect(
        line.plain.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
        "\(line.plain.debugDescription)")
    }
  }
}

extension Parser {
  fileprivate consuming func parsed() throws -> Expression {
    var parser = self
    return try parser.parseExpression()
  }
}
