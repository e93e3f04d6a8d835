// Which rows of the data a batch takes.

extension Operation {
  /// Inputs: the number of the epoch, which gives each its own order, and the place in that order
  /// from which on rows are taken. Attributes: a key, how many rows there are, how many are taken;
  /// the flag asks for a shuffled order, without it rows are taken in their own.
  package static let batchRows: Operation = Operation(
    "batch_rows", arity: 2,
    summary: "The numbers of the rows that a batch takes, in an order that is new in each epoch.",
    kernel: .general { call in
      let settings = call.attributes.integers
      guard settings.count == 3, settings[1] > 0 else { return }
      let start = Int(exactly: call.inputs[1][0]) ?? 0
      if call.attributes.flag {
        let order = ShuffledOrder(
          count: settings[1], key: UInt64(bitPattern: Int64(settings[0])), seed: call.inputs[0][0])
        for i in call.output.indices { call.output[i] = Double(order[start &+ i]) }
      } else {
        for i in call.output.indices {
          call.output[i] = Double(abs((start &+ i) % settings[1]))
        }
      }
    },
    shape: { inputs, settings throws(TensorError) in
      guard inputs[0].count == 1, inputs[1].count == 1 else {
        throw .wrongRank(
          operation: "batch_rows", inputs[0].count == 1 ? inputs[1] : inputs[0],
          expected: "one number")
      }
      guard settings.integers.count == 3, settings.integers[1] > 0, settings.integers[2] >= 0 else {
        throw .invalid(operation: "batch_rows", message: "there are no rows", help: nil)
      }
      return [settings.integers[2]]
    },
    type: ElementType.whole, domain: .integers(below: 10), pullback: nil)
}
