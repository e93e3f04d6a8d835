// export and import: values written to files that other programs read, and parameters read back.

import Diagnostics
import Engine
import Notation
import Tensors

extension Command {
  static let export = Command(
    "export", group: .keeping, summary: "writes parameters or other values to a file",
    forms: [
      [
        .expressions("value"), .word("to"), .file("file"),
        .optional([.word("as"), .choice("type", ["float64", "float32"])]),
      ]
    ],
    details: [
      "The file's name tells the kind: .safetensors and .npz hold several tensors by name, .npy one, "
        + ".csv a matrix or a data set. export f to \"f.safetensors\" writes a model's parameters and "
        + "buffers with the names of PyTorch's state_dict (0.weight, 0.bias, …); several things are "
        + "written under their paths (f.0.weight, w). export all to writes every parameter.",
      "Numbers are float64, or float32 as rounded by as float32. The optimizer's state is not in the "
        + "file. In Python: safetensors.torch.load_file(\"f.safetensors\"), numpy.load(\"x.npz\").",
    ],
    examples: [],
    effect: .inspects,
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (path, span) = arguments.text("file") else { return }
      guard interpreter.surface.mayWrite else {
        throw Diagnostic("file.forbidden", "writing files is not allowed here", at: span)
      }
      let expressions = arguments.expressions("value")
      if expressions.count == 1,
        let table = interpreter.session.dataObject(expressions[0]) as? DataTable
      {
        guard path.lowercased().hasSuffix(".csv") else {
          throw Diagnostic(
            "export.table", "a data set is written to a .csv file", at: span,
            help: "export columns(d) to \"\(path)\" writes its numbers")
        }
        try CSVFile.write(table, to: path, at: span)
        return try interpreter.reply(
          MessageReport("wrote \(path): \(table.summary)"), arguments.muted)
      }
      var tensors = try interpreter.session.exported(expressions)
      if let (word, _) = arguments.text("type"), let type = ElementType(rawValue: word) {
        tensors = tensors.map { tensor in
          guard tensor.value.elementType > .int64 else { return tensor }
          return NamedTensor(
            tensor.name, Tensor(tensor.value.elements, shape: tensor.value.shape, type: type))
        }
      }
      try ArrayFile.write(tensors, to: path, at: span)
      try interpreter.reply(.tensors("wrote", path, tensors), arguments.muted)
    })

  static let importValues = Command(
    "import", group: .keeping, summary: "gives parameters the values of a file",
    forms: [[.file("file"), .optional([.word("into"), .names("parameter", .parameter)])]],
    usage: ["import file [into model or parameter]"],
    details: [
      "Reads .safetensors, .npz and .npy. A name in the file is a parameter's path (f.0.weight, w), or "
        + "the rest of one of a model's, as PyTorch's state_dict has it (0.weight); into f says of "
        + "which, and into w gives one parameter a file's only tensor. Shapes have to agree, and a "
        + "model's parameters and buffers have to be there all together: nothing is changed otherwise.",
      "It is one event: back reverts it. Optimizer state stays as it is, pruned elements stay 0, and "
        + "bounds that steps keep are kept.",
    ],
    examples: [],
    run: { interpreter, arguments throws(Diagnostic) in
      guard let (path, span) = arguments.text("file") else { return }
      let targets = arguments.names("parameter")
      guard targets.count <= 1 else {
        throw Diagnostic(
          "import.into", "a file goes into one model or parameter",
          at: targets[1].first?.span, help: "without into, the names in the file decide")
      }
      let read = try ArrayFile.read(path, at: span)
      let set = try interpreter.session.adopt(
        read, into: targets.first, file: path, at: span)
      let tensors = set.map { NamedTensor($0.path, $0.value) }
      try interpreter.reply(.tensors("read", path, tensors, held: set), arguments.muted)
    })
}

extension MessageReport {
  /// `wrote f.safetensors: 0.weight [20, 10], 0.bias [20]`, long lists shortened.
  static func tensors(
    _ verb: String, _ path: String, _ tensors: [NamedTensor], held: [HeldValue] = []
  ) -> MessageReport {
    let described = tensors.prefix(8).map { tensor in
      tensor.value.shape.isScalar ? tensor.name : "\(tensor.name) \(tensor.value.shape)"
    }
    let more = tensors.count - described.count
    let numbers = tensors.reduce(0) { $0 + $1.value.elements.count }
    let text =
      "\(verb) \(path): " + described.joined(separator: ", ")
      + (more > 0 ? ", … and \(more) more" : "")
      + (tensors.count > 1 ? ", \(numbers) numbers in all" : "")
    var fields: [String: JSONValue] = [
      "file": .string(path),
      "tensors": .array(
        tensors.map {
          .object([
            "name": .string($0.name), "type": .string($0.value.elementType.rawValue),
            "shape": .array($0.value.shape.dimensions.map { .number(Double($0)) }),
          ])
        }),
    ]
    fields.merge(HeldText.fields(held)) { $1 }
    return MessageReport(kind: "file", fields: fields) { format in
      [StyledText(text)] + HeldText.lines(held, format)
    }
  }
}
