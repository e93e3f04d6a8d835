// Help on layers and initialisers, read off their declarations.

import Diagnostics
import Engine
import Notation
import Tensors

enum ModelHelp {
  static func layers() -> TableReport {
    var rows: [[TableReport.Cell]] = LayerKind.catalogue.map {
      [.text($0.name), .text($0.function.summary), .text($0.torch)]
    }
    rows.append([
      .text("skip"), .text("skip(a |> b) is x + b(a(x)); skip(a, shortcut=b) is b(x) + a(x)."),
      .empty,
    ])
    rows.append([
      .text("relu, tanh, …"),
      .text("Any function of one tensor; more arguments follow it: leaky_relu(0.2)."), .empty,
    ])
    rows.append([.text("f"), .text("Another model, whose parameters it shares."), .empty])
    return TableReport(
      columns: [.init("layer"), .init(""), .init("equals")], rows: rows,
      footer: "model f = linear(10, 20) |> relu |> linear(20, 1) · help linear explains one")
  }

  static func initialisers() -> TableReport {
    TableReport(
      columns: [.init("initialiser"), .init("formula"), .init("torch.nn.init")],
      rows: InitialiserKind.catalogue.map {
        [
          .text($0.function.signature), .text($0.formula),
          .text(String($0.torch.split(separator: ".").last ?? "")),
        ]
      },
      footer: "linear(10, 20, init=he, bias_init=zeros) · of a weight [out, in, …] fan_in is in "
        + "times the sizes after it, fan_out is out times them")
  }

  /// The page of a layer; a function of the same name is mentioned.
  static func page(_ kind: LayerKind) -> HelpReport {
    var paragraphs = ["It equals \(kind.torch), forward and backward."]
    paragraphs += kind.notes
    if kind.takesInitialisers {
      paragraphs.append(
        "init= says how the weights begin, bias_init= how the biases do; help initialisers lists"
          + " the ways. Without them they begin as PyTorch's do.")
    }
    if let function = Function.named(kind.name) {
      paragraphs.append("In a formula \(function.signature) is a function. \(function.summary)")
    }
    return HelpReport(
      title: kind.name, summary: kind.function.summary, usage: [kind.signature] + kind.formulas,
      paragraphs: paragraphs,
      terms: kind.layout.map { (term: $0.name, meaning: $0.meaning) },
      examples: kind.examples.map { HelpReport.Example($0) }, seeAlso: ["layers", "model"])
  }

  static func page(_ kind: InitialiserKind) -> HelpReport {
    let shape = Shape([20, 10])
    var example = ""
    if let initialiser = kind.standard {
      example = initialiser.formula(of: "weight", for: shape) { NumberFormat.text($0, digits: 6) }
    }
    return HelpReport(
      title: kind.name, summary: kind.function.summary, usage: [kind.function.signature],
      paragraphs: [
        "Formula: \(kind.formula)", "For linear(10, 20): \(example)", "It equals \(kind.torch).",
      ],
      examples: [HelpReport.Example(["model f = linear(10, 20, init=\(kind.name))"])],
      seeAlso: kind.function.aliases + ["initialisers"])
  }

  static var topics: [String] {
    LayerKind.catalogue.map(\.name)
      + InitialiserKind.catalogue.flatMap { [$0.name] + $0.function.aliases }
      + ["layers", "initialisers"]
  }
}
