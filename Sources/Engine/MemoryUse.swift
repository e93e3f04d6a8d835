// How much memory the tensors of sessions take, each buffer counted once however many hold it.
//
// Sessions are values that share what they have in common, so the cost of keeping an old one is only
// what no newer one has. Formulas and other small things are left out.

import Tensors

package struct MemoryUse {
  package private(set) var bytes = 0
  private var seen = Set<UInt>()

  /// Smaller tensors are counted without a look at whether they are shared.
  private static let large = 1024

  package init() {}

  package mutating func add(_ tensor: Tensor) {
    let size = 8 * tensor.elements.count + 64
    if tensor.elements.count >= MemoryUse.large {
      let address = tensor.elements.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
      guard seen.insert(address).inserted else { return }
    }
    bytes += size
  }

  package mutating func add(_ snapshot: Snapshot) {
    for tensor in snapshot.values.values { add(tensor) }
  }

  package mutating func add(_ session: Session) {
    for definition in session.problem.definitions.values {
      switch definition {
      case .value(let tensor): add(tensor)
      case .table(let table): add(table)
      case .bundle(let bundle): for field in bundle.fields { add(field.value) }
      case .formula, .function: break
      }
    }
    for parameter in session.problem.parameters { add(parameter.initial) }
    if let answer = session.answer { add(answer) }
    add(session.snapshot)
    add(session.timeline.base)
    for branch in session.timeline.branches {
      for stretch in branch.stretches { add(stretch) }
    }
  }

  private mutating func add(_ stretch: Stretch) {
    for entry in stretch.checkpoints.entries { add(entry.snapshot) }
    switch stretch.kind {
    case .steps: break
    case .given(_, let gradients):
      for given in gradients { for tensor in given.values { add(tensor) } }
    case .change(_, let after): add(after)
    }
  }

  private mutating func add(_ table: DataTable) {
    for column in table.columns {
      switch column.kind {
      case .numbers(let tensor): add(tensor)
      // A short text takes its 16 bytes, a longer one a block of its own, which is not shared with
      // anything but other copies of the table.
      case .text(let texts):
        let isNew = texts.withUnsafeBufferPointer {
          seen.insert(UInt(bitPattern: $0.baseAddress)).inserted
        }
        if isNew {
          bytes += texts.reduce(0) { $0 + 16 + ($1.utf8.count > 15 ? $1.utf8.count + 32 : 0) }
        }
      }
    }
  }
}
