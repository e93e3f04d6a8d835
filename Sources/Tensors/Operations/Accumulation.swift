// Running sums along an axis. Attributes: the axis; flag runs from the end.

extension Operation {
  package static let cumulativeSum: Operation = Operation(
    "cumsum", arity: 1, summary: "The sums of the elements so far along an axis.",
    kernel: .general { call in
      let lines = call.inputShapes[0].lines(call.attributes.integers.first ?? -1)
      for start in lines.starts {
        var total = 0.0
        for i in 0..<lines.count {
          let place = start + (call.attributes.flag ? lines.count - 1 - i : i) * lines.step
          total += call.inputs[0][place]
          call.output[place] = total
        }
      }
    },
    shape: { inputs, settings throws(TensorError) in
      _ = try inputs[0].axesFromEnd(settings.integers)
      return inputs[0]
    },
    linearInputs: 1,
    pullback: { f, _ throws(TensorError) in
      var reversed = f.attributes
      reversed.flag.toggle()
      return try f.dy.then(.cumulativeSum, reversed)
    })
}
