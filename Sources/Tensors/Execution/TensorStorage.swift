// Which arrays of a program share memory, and how carried results get to their inputs: written over
// the old value where nothing reads it any more, by exchanging two buffers, or by a copy.

struct TensorStorage {
  /// A piece of memory, by the segments between which it is in use.
  struct Buffer {
    var count: Int
    var isWide = false
    var first: Int
    var last: Int
  }

  /// Never given to anything else.
  static let always = Int.max

  private(set) var buffers: [Buffer] = []
  /// The buffer of each item that has one.
  private(set) var bufferOfItem: [Int?]
  /// Buffers that exchange their memory after an iteration.
  private(set) var swaps: [(from: Int, to: Int)] = []
  /// Copies after an iteration, before the exchanges.
  private(set) var copies: [(from: Int, to: Int, count: Int)] = []
  /// Where a result is found after an iteration, if not in its own buffer.
  private(set) var movedTo: [Int: Int] = [:]

  private let lowering: TensorLowering
  private let schedule: TensorSchedule
  private var lastRead: [Int]
  /// Read from outside of its group.
  private(set) var isStored: [Bool]

  init(_ lowering: TensorLowering, _ schedule: TensorSchedule) {
    self.lowering = lowering
    self.schedule = schedule
    lastRead = [Int](repeating: -1, count: lowering.items.count)
    isStored = lowering.items.map { item in
      switch item.kind {
      case .elementwise, .total: false
      default: true
      }
    }
    bufferOfItem = [Int?](repeating: nil, count: lowering.items.count)
    findReaders()
  }

  private mutating func read(_ item: Int, at position: Int, _ phase: Phase) {
    // What an earlier phase computed is needed again in the next iteration.
    let isEarlier = lowering.items[item].phase < phase
    lastRead[item] = max(lastRead[item], isEarlier ? TensorStorage.always : position)
    isStored[item] = true
  }

  private mutating func findReaders() {
    for (position, segment) in schedule.segments.enumerated() {
      switch segment.kind {
      case .scalar(let instructions):
        for index in instructions where lowering.code.instructions[index].isLoad {
          read(lowering.code.instructions[index].buffer, at: position, segment.phase)
        }
      case .group(let items):
        for item in items {
          for access in lowering.items[item].kind.accesses {
            switch access {
            case .number: break
            case .aligned(let source):
              if schedule.segmentOfItem[source] != position {
                read(source, at: position, segment.phase)
              }
            case .walk(let source, _): read(source, at: position, segment.phase)
            }
          }
        }
      case .item(let item):
        for source in lowering.items[item].kind.wholeOperands {
          read(source, at: position, segment.phase)
        }
      }
    }
    let outline = lowering.outline
    for id in outline.outputs + outline.guards + outline.carries.map(\.from) {
      guard let item = lowering.place(id).item else { continue }
      isStored[item] = true
      lastRead[item] = TensorStorage.always
    }
  }

  /// Gives every stored item a buffer.
  /// - Parameters:
  ///   - groups: the code of each group, by its segment.
  mutating func assign(groups: [Int: GroupCode]) {
    let pinned = pinnedItems()
    for (index, item) in lowering.items.enumerated() where !item.kind.isComputed {
      bufferOfItem[index] = add(item.count, first: 0, last: TensorStorage.always)
    }
    let planned = carry(groups: groups, pinned: pinned)
    for (index, item) in lowering.items.enumerated()
    where isStored[index] && bufferOfItem[index] == nil {
      let position = schedule.segmentOfItem[index]
      bufferOfItem[index] = add(item.count, first: position, last: max(lastRead[index], position))
    }
    for (from, to) in planned.swapped {
      guard let from = bufferOfItem[from], let to = bufferOfItem[to] else { continue }
      buffers[from].first = 0
      buffers[from].last = TensorStorage.always
      swaps.append((from, to))
      movedTo[from] = to
    }
    let moves = planned.copied.compactMap { from, to -> (from: Int, to: Int)? in
      guard let from = bufferOfItem[from], let to = bufferOfItem[to] else { return nil }
      return (from, to)
    }
    var added: [Buffer] = []
    let known = buffers.count
    let largest = moves.map { buffers[$0.from].count }.max() ?? 0
    let ordered = ParallelMoves.sequence(moves) {
      added.append(Buffer(count: largest, first: 0, last: TensorStorage.always))
      return known + added.count - 1
    }
    for move in ordered {
      let count = min(
        move.from < known ? buffers[move.from].count : largest,
        move.to < known ? buffers[move.to].count : largest)
      copies.append((move.from, move.to, count))
    }
    buffers += added
  }

  /// A buffer that nothing else knows of.
  mutating func add(_ count: Int, isWide: Bool = false, first: Int, last: Int) -> Int {
    buffers.append(Buffer(count: count, isWide: isWide, first: first, last: last))
    return buffers.count - 1
  }

  /// Items whose memory a call has been told of; it may not be exchanged.
  private func pinnedItems() -> Set<Int> {
    var result: Set<Int> = []
    for (index, item) in lowering.items.enumerated() {
      if case .call(_, let inputs, _, _, _) = item.kind {
        result.insert(index)
        result.formUnion(inputs)
      }
    }
    return result
  }

  private mutating func carry(
    groups: [Int: GroupCode], pinned: Set<Int>
  ) -> (swapped: [(Int, Int)], copied: [(Int, Int)]) {
    var swapped: [(Int, Int)] = []
    var copied: [(Int, Int)] = []
    var isPlaced: Set<Int> = []
    // Old values that something reads after the last segment.
    let outline = lowering.outline
    var readAtEnd = Set(outline.guards.compactMap { lowering.place($0).item })
    for carry in outline.carries {
      if let item = lowering.place(carry.from).item, case .input = lowering.items[item].kind {
        readAtEnd.insert(item)
      }
    }
    for carry in outline.carries {
      guard let from = lowering.place(carry.from).item, let to = lowering.place(carry.to).item,
        from != to, lowering.items[from].count > 1
      else { continue }
      let source = lowering.items[from]
      guard source.kind.isComputed, source.phase == .step, isPlaced.insert(from).inserted else {
        copied.append((from, to))
        continue
      }
      let position = schedule.segmentOfItem[from]
      let code = groups[position]
      let isFree =
        lastRead[to] < position
        || (lastRead[to] == position && code?.canOverwrite(to, with: from) == true)
      if !readAtEnd.contains(to), isFree {
        bufferOfItem[from] = bufferOfItem[to]
      } else if !pinned.contains(from), !pinned.contains(to) {
        swapped.append((from, to))
      } else {
        copied.append((from, to))
      }
    }
    return (swapped, copied)
  }
}
