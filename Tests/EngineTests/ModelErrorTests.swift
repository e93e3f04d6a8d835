// What is wrong with a model or its input is said in one sentence, and nothing changes.

import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct ModelErrorTests {
  static let setUp = """
    model f = linear(10, 20) |> relu |> linear(20, 1)
    model c = conv2d(1, 2, 3) |> maxpool(2) |> flatten |> linear(2, 2)
    model s = embedding(5, 3) |> lstm(3, 4)
    model b = batchnorm(3)
    param w = 1
    let D = [1, 2]; E = 2*D; F(x) = 2*x
    loss L = w^2
    """

  /// A line, and words of its error.
  static let lines: [(String, String)] = [
    ("f(ones(4))", "f.0, linear(10→20), takes [n, 10]: 10 features in the last axis; it got [4]"),
    ("f(ones(7, 9))", "it got [7, 9]"),
    ("f(1)", "it got []"),
    ("f(ones(4, 0))", "it got [4, 0]"),
    ("f.2(ones(3))", "f.2, linear(20→1), takes [n, 20]"),
    ("f(ones(10), ones(10))", "f takes one argument"),
    ("f()", "f takes one argument"),
    ("f(ones(10), training=true)", "f has no argument training"),
    ("f.9", "f has no 9"),
    ("f.9(ones(10))", "there is no f.9"),
    ("f.0.wieght", "f.0 has no wieght"),
    ("f.1.weight", "f.1 has no weight"),
    ("f.0.weight(3)", "f.0.weight is a value, not a layer"),
    ("f.weights", "several parameters"),
    ("f + 1", "f, a model is not a number or a tensor"),
    ("l2(f.1)", "f.1 has no parameters"),
    ("freeze f.1", "f.1 has no parameters"),
    ("freeze f.5", "there is no parameter f.5"),
    ("freeze b.0.running_mean", "b.0.running_mean is no parameter"),
    ("f = 3", "f is a model"),
    ("param f = 3", "f is a model"),
    ("loss f = 3", "f is a model"),
    ("f(x) = x", "f is a model"),
    ("let f = 3", "f is a model"),
    ("model w = relu", "w is a parameter or a loss"),
    ("model L = relu", "L is a parameter or a loss"),
    ("model linear = relu", "linear is a layer"),
    ("model step = relu", "step is a command"),
    ("model q", "expected ="),
    ("model q =", "expected"),
    ("model q = ", "expected"),
    ("model q = linear(3, 4) |>", "expected"),
    ("model q = |> relu", "expected"),
    ("model q = linar(3, 4)", "there is no layer linar"),
    ("model q = Dense(3)", "there is no layer Dense"),
    ("model q = 3", "a layer, a function or a model is named here"),
    ("model q = linear(3, 4) + 1", "a layer, a function or a model is named here"),
    ("model q = linear", "linear needs inputs"),
    ("model q = linear(3)", "linear needs outputs"),
    ("model q = linear(3, 4, 5, 6)", "linear takes at most"),
    ("model q = linear(3, x)", "nothing is called x"),
    ("model q = linear(0, 4)", "inputs is at least 1"),
    ("model q = linear(3.5, 4)", "whole numbers"),
    ("model q = linear(w, 4)", "must be a fixed number"),
    ("model q = linear(1e9, 1e9)", "inputs is at most 134217728; this is 1000000000"),
    ("model q = linear(100000, 100000)", "too many"),
    ("model q = linear(1e300, 4)", "too large"),
    ("model q = linear(3, 4, units=5)", "linear has no argument units"),
    ("model q = linear(3, 4, init=hee)", "there is no initialiser hee"),
    ("model q = linear(3, 4, init=3)", "an initialiser is named here"),
    ("model q = linear(3, 4, init=normal(0, -1))", "std is not negative"),
    ("model q = linear(3, 4, init=normal(0, inf))", "std is a finite number"),
    ("model q = linear(3, 4, init=uniform(1, 0))", "low is not above high"),
    ("model q = linear(3, 4, bias_init=he)", "he needs a weight with two axes"),
    ("model q = conv2d(1, 2, 0)", "size is at least 1"),
    ("model q = conv2d(1, 2, [1, 2, 3])", "one number"),
    ("model q = conv2d(1, 2, 3, stride=0)", "stride is at least 1"),
    ("model q = conv2d(1, 2, 3, padding=-1)", "padding is at least 0"),
    ("model q = conv2d(100000, 100000, 100)", "too many"),
    ("model q = dropout(1.5)", "p is from 0 to 1"),
    ("model q = dropout(nan)", "p is from 0 to 1"),
    ("model q = batchnorm(0)", "features is at least 1"),
    ("model q = batchnorm(3, momentum=2)", "momentum is from 0 to 1"),
    ("model q = layernorm(3, eps=-1)", "eps is not negative"),
    ("model q = layernorm([])", "at least 1"),
    ("model q = attention(5, heads=2)", "5 features do not divide into 2 heads"),
    ("model q = lstm(1, 4611686018427387904)", "hidden is at most"),
    ("model q = sum3", "there is no layer sum3"),
    ("model q = rand", "rand is no function of one tensor"),
    ("model q = f |> q", "there is no layer q"),
    ("model f = linear(1, 10) |> f", "f cannot be a part of itself"),
    ("model q = skip()", "expected"),
    ("model q = skip(relu, by=relu)", "expected shortcut"),
    ("model q = skip(linear(3, 4))", "q.0 adds 3 features and 4: a skip needs equal shapes"),
    ("model q = skip(flatten |> linear(3, 4)); q(ones(1, 3))", "q.0 adds [1, 3] and [1, 4]"),
    (
      "model q = linear(3, 4) |> relu |> linear(5, 2)",
      "q.2, linear(5→2), takes 5 features; q.0, linear(3→4), gives 4"
    ),
    ("model q = f |> linear(2, 2)", "q.1, linear(2→2), takes 2 features; q.0, f, gives 1"),
    ("model q = skip(linear(4, 4)) |> lstm(3, 4)", "q.1, lstm(3→4), takes 3 features"),
    ("model q = conv2d(1, 4, 3) |> maxpool(2) |> conv2d(3, 1, 3)", "takes 3 channels; q.0"),
    ("model q = conv2d(1, 2, 3, padding=2000000)", "padding is at most 1048576"),
    ("model relu = linear(3, 4)", "relu is a function"),
    ("model D = linear(3, 4)", "D is a stored value"),
    ("model E = linear(3, 4)", "E is a definition"),
    ("model F = linear(3, 4)", "F is a function"),
    ("model q = matmul; q(ones(3))", "matmul needs b"),
    ("c(ones(4, 4))", "takes images [n, 1, height, width]"),
    ("c(ones(1, 3, 4, 4))", "takes images [n, 1, height, width]"),
    ("c(ones(1, 1, 2, 2))", "does not fit"),
    ("c(ones(1, 1, 3, 3))", "takes images of at least 2×2"),
    ("c(ones(1, 1, 8, 8))", "c.3, linear(2→2), takes [n, 2]"),
    ("s([0, 1, 2])", "takes sequences [n, time, 3]"),
    ("s([[0, 1, 7]])", "takes whole numbers from 0 to 4; one of these is 7"),
    ("s([[0, 1.5]])", "one of these is 1.5"),
    ("s([[-1]])", "one of these is -1"),
    ("s([[nan]])", "one of these is nan"),
    ("s(zeros(1, 513))", "takes 1 to 512 time steps"),
    ("s(zeros(1, 0))", "takes 1 to 512 time steps"),
    ("b(ones(3))", "b.0, batchnorm(3), takes [n, 3]"),
    ("b(ones(1, 3), train=true)", "needs more than one value of each feature"),
    ("show f.7", "f has no 7"),
    ("f.0.weight = ones(3, 3)", "f.0.weight has shape [20, 10]"),
    ("b.0.running_mean = [1, 2, 3]", "only a parameter"),
  ]

  @Test(arguments: lines.indices)
  func saysWhatIsWrong(_ place: Int) {
    let (line, words) = Self.lines[place]
    let interpreter = session(Self.setUp)
    let declared = line.hasPrefix("model") && line.contains(";")
    let before = interpreter.session.snapshot
    let errors = Shown()
    interpreter.surface.show = { report in
      if let error = report as? ErrorReport { errors.errors.append(error.diagnostic.message) }
    }
    interpreter.run(Source(line))
    #expect(errors.errors.count == 1, "\(line)")
    #expect(errors.errors.first?.contains(words) == true, "\(line): \(errors.errors)")
    if !declared {
      #expect(interpreter.session.snapshot == before)
      #expect(interpreter.session.problem.models.map(\.name.canonical) == ["f", "c", "s", "b"])
    }
  }

  @Test(arguments: LayerKind.catalogue.map(\.name))
  func everyLayersExamplesAndHelpWork(_ name: String) throws {
    let kind = try #require(LayerKind.named(name))
    _ = session("help \(name)")
    #expect(!kind.examples.isEmpty)
    for example in kind.examples { _ = session(example.joined(separator: "\n")) }
    #expect(!kind.torch.isEmpty && !kind.formulas.isEmpty)
  }

  @Test func pathsAreCompleted() {
    let interpreter = session(Self.setUp)
    func offers(_ line: String) -> [String] {
      Completer(interpreter).complete(line, cursor: line.unicodeScalars.count).candidates.map(
        \.text)
    }
    #expect(offers("f.") == ["0", "1", "2", "weights", "biases"])
    #expect(offers("f.0.") == ["weight", "bias"])
    #expect(offers("f.0.w") == ["weight"])
    #expect(offers("l2(f.2.b") == ["bias"])
    #expect(offers("b.run") == ["running_mean", "running_var"])
    #expect(offers("model q = lin") == ["linear"])
    #expect(offers("model q = linear(3, 4, ini") == ["init="])
    #expect(offers("freeze f") == ["f", "f.0.bias", "f.0.weight", "f.2.bias", "f.2.weight"])
  }
}
