// The step of each piece of work that is not part of a group.

import CKernels

extension TensorEncoder {
  mutating func encode(_ index: Int, _ position: Int, _ phase: Phase) {
    let item = lowering.items[index]
    let to = buffer(index) ?? 0
    switch item.kind {
    case .input, .constant, .elementwise, .total: break
    case .fold(let reduction, let source, let outer, let count, let inner, let rounds):
      let fold = dk_axis_fold(
        x: buffer(source) ?? 0, result: to, fold: Int32(reduction.fold), rounds: rounds ? 1 : 0,
        outer: Int64(outer), count: Int64(count), inner: Int64(inner))
      append(phase, step(dk_step_fold, payload: memory.store([fold])))
    case .product(let plan):
      let product = dk_product(
        a: buffer(plan.left) ?? 0, b: buffer(plan.right) ?? 0, c: to, rows: Int64(plan.rows),
        inner: Int64(plan.inner), columns: Int64(plan.columns),
        a_row: Int64(plan.leftStrides.row), a_column: Int64(plan.leftStrides.column),
        b_row: Int64(plan.rightStrides.row), b_column: Int64(plan.rightStrides.column),
        batches: Int64(plan.places.count / 2),
        places: memory.store(plan.places.map(Int64.init)), rounds: plan.rounds ? 1 : 0,
        uses_blas: plan.usesLibrary ? 1 : 0)
      append(phase, step(dk_step_product, payload: memory.store([product])))
    case .gather(let source, let walk):
      append(
        phase,
        step(
          dk_step_gather, from: buffer(source) ?? 0, to: to, count: item.count,
          payload: memory.store([memory.walk(walk)])))
    case .take(let plan):
      let take = dk_take(
        x: buffer(plan.source) ?? 0, result: to, index_count: Int32(plan.indices.count),
        adds: plan.adds ? 1 : 0, along: plan.along ? 1 : 0,
        indices: memory.store(plan.indices.map { buffer($0) ?? 0 }),
        sizes: memory.store(plan.sizes.map(Int64.init)), leading: Int64(plan.leading),
        count: Int64(plan.count), trailing: Int64(plan.trailing))
      append(phase, step(dk_step_take, payload: memory.store([take])))
    case .windows(let plan):
      let settings = plan.window.integers.map(Int64.init)
      let windows = dk_windows(
        x: buffer(plan.source) ?? 0, result: to, adds: plan.adds ? 1 : 0,
        images: Int64(plan.images), channels: Int64(plan.image[0]), height: Int64(plan.image[1]),
        width: Int64(plan.image[2]), rows: settings[0], columns: settings[1],
        row_step: settings[2], column_step: settings[3], row_padding: settings[4],
        column_padding: settings[5], down: Int64(plan.places.0), across: Int64(plan.places.1))
      append(phase, step(dk_step_windows, payload: memory.store([windows])))
    case .runs(let runs):
      let encoded = runs.map { run in
        dk_run(
          buffer: run.item.flatMap { buffer($0) }.map { Int32($0) } ?? -1, from: Int64(run.from),
          to: Int64(run.to), count: Int64(run.count))
      }
      append(
        phase, step(dk_step_runs, to: to, count: runs.count, payload: memory.store(encoded)))
    case .spill(let value): append(phase, step(dk_step_spill, from: UInt32(value), to: to))
    case .call(let body, let inputs, let shapes, let shape, let attributes):
      call(index, body, inputs, shapes, shape, attributes, position, phase)
    }
  }

  private mutating func call(
    _ index: Int, _ body: @escaping @Sendable (KernelCall) -> Void, _ inputs: [Int],
    _ shapes: [Shape], _ shape: Shape, _ attributes: Attributes, _ position: Int, _ phase: Phase
  ) {
    var sources = inputs.map { Int(buffer($0) ?? 0) }
    var result = Int(buffer(index) ?? 0)
    if let wide = extras[position] {
      for (source, copy) in zip(sources, wide) {
        append(
          phase,
          step(
            dk_step_widen, from: UInt32(source), to: UInt32(copy),
            count: storage.buffers[copy].count))
      }
      sources = Array(wide.dropLast())
      result = wide.last ?? result
    }
    func doubles(_ buffer: Int) -> UnsafeMutablePointer<Double>? {
      buffers[buffer]?.assumingMemoryBound(to: Double.self)
    }
    calls.append(
      (
        body,
        KernelCall(
          inputs: zip(sources, shapes).map {
            UnsafeBufferPointer(start: doubles($0), count: $1.count)
          },
          inputShapes: shapes,
          output: UnsafeMutableBufferPointer(start: doubles(result), count: shape.count),
          outputShape: shape, attributes: attributes)
      ))
    append(phase, step(dk_step_call, count: calls.count - 1))
    if extras[position] != nil {
      append(
        phase,
        step(
          dk_step_narrow, from: UInt32(result), to: buffer(index) ?? 0, count: shape.count))
    }
  }
}
