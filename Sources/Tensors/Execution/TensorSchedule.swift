// The order of the work of a program on arrays. Every piece gets a level, later than what it depends
// on; elementwise work of one size that meets at a level is done together, block by block.
//
// Levels are as early as can be, except that elementwise work waits for those who read it, so that
// it is done together with them and needs no memory of its own.

import CKernels

/// One thing to do: some scalar code, a group of elementwise work, or one other step.
struct Segment {
  enum Kind {
    /// Indices of instructions.
    case scalar([Int])
    /// Indices of items that are done together.
    case group([Int])
    case item(Int)
  }
  var kind: Kind
  var phase: Phase
}

struct TensorSchedule {
  private(set) var segments: [Segment] = []
  /// For each item, which segment it is in; -1 for inputs and constants.
  private(set) var segmentOfItem: [Int]

  /// More operations than this are not put in one group: their blocks would not stay in the cache.
  static let maximumGroup = 48

  private let lowering: TensorLowering
  private var itemLevel: [Int32]
  private var valueLevel: [Int32]

  init(_ lowering: TensorLowering) {
    self.lowering = lowering
    itemLevel = [Int32](repeating: 0, count: lowering.items.count)
    valueLevel = [Int32](repeating: 0, count: lowering.code.valueCount)
    segmentOfItem = [Int](repeating: -1, count: lowering.items.count)
    assignLevels()
    delay()
    collect()
  }

  // MARK: Levels

  /// When work of a phase can use an operand: in its own phase not before its level, with one more
  /// where it cannot be done together.
  private func available(_ access: WorkItem.Access, _ phase: Phase) -> Int32 {
    switch access {
    case .number(let value):
      lowering.code.phase(value) == phase ? valueLevel[Int(value)] : 0
    case .aligned(let item):
      available(item, phase, apart: lowering.items[item].kind.isElementwise ? 0 : 1)
    case .walk(let item, _): available(item, phase, apart: 1)
    }
  }

  private func available(_ item: Int, _ phase: Phase, apart: Int32) -> Int32 {
    let source = lowering.items[item]
    return source.phase == phase && source.kind.isComputed ? itemLevel[item] + apart : 0
  }

  private mutating func assignLevels() {
    for event in lowering.events {
      switch event {
      case .instruction(let index):
        let instruction = lowering.code.instructions[index]
        var level: Int32 = 0
        if instruction.isLoad {
          level = available(instruction.buffer, instruction.phase, apart: 1)
        } else {
          for operand in [instruction.a, instruction.b, instruction.c] {
            level = max(level, available(.number(operand), instruction.phase))
          }
        }
        valueLevel[Int(instruction.result)] = level
      case .item(let index):
        let item = lowering.items[index]
        var level: Int32 = 0
        for access in item.kind.accesses { level = max(level, available(access, item.phase)) }
        for source in item.kind.wholeOperands {
          level = max(level, available(source, item.phase, apart: 1))
        }
        itemLevel[index] = level
        if case .total(_, _, let value) = item.kind { valueLevel[Int(value)] = level + 1 }
      }
    }
  }

  private mutating func delay() {
    var latest = [Int32](repeating: Int32.max, count: lowering.items.count)
    func need(_ item: Int, _ level: Int32, _ phase: Phase) {
      if lowering.items[item].phase == phase { latest[item] = min(latest[item], level) }
    }
    for event in lowering.events.reversed() {
      switch event {
      case .instruction(let index):
        let instruction = lowering.code.instructions[index]
        if instruction.isLoad {
          need(instruction.buffer, valueLevel[Int(instruction.result)] - 1, instruction.phase)
        }
      case .item(let index):
        let item = lowering.items[index]
        if item.kind.isElementwise, latest[index] < Int32.max, latest[index] > itemLevel[index] {
          itemLevel[index] = latest[index]
        }
        let level = itemLevel[index]
        for access in item.kind.accesses {
          switch access {
          case .number: break
          case .aligned(let source): need(source, level, item.phase)
          case .walk(let source, _): need(source, level - 1, item.phase)
          }
        }
        for source in item.kind.wholeOperands { need(source, level - 1, item.phase) }
      }
    }
  }

  // MARK: Segments

  private mutating func collect() {
    var instructions: [Phase: [[Int]]] = [:]
    var items: [Phase: [[Int]]] = [:]
    for phase in Phase.allCases {
      let highest = max(itemLevel.max() ?? 0, valueLevel.max() ?? 0)
      instructions[phase] = [[Int]](repeating: [], count: Int(highest) + 1)
      items[phase] = [[Int]](repeating: [], count: Int(highest) + 1)
    }
    for event in lowering.events {
      switch event {
      case .instruction(let index):
        let instruction = lowering.code.instructions[index]
        let level = Int(valueLevel[Int(instruction.result)])
        instructions[instruction.phase]?[level].append(index)
      case .item(let index):
        let item = lowering.items[index]
        if item.kind.isComputed { items[item.phase]?[Int(itemLevel[index])].append(index) }
      }
    }
    for phase in Phase.allCases {
      for (code, work) in zip(instructions[phase] ?? [], items[phase] ?? []) {
        if !code.isEmpty { segments.append(Segment(kind: .scalar(code), phase: phase)) }
        for group in groups(work.filter { lowering.items[$0].kind.isGrouped }) {
          for item in group { segmentOfItem[item] = segments.count }
          segments.append(Segment(kind: .group(group), phase: phase))
        }
        for item in work where !lowering.items[item].kind.isGrouped {
          segmentOfItem[item] = segments.count
          segments.append(Segment(kind: .item(item), phase: phase))
        }
      }
    }
  }

  /// Parts of one level's elementwise work that have anything to do with each other, in the order
  /// of their first items.
  private func groups(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return items.map { [$0] } }
    var place: [Int: Int] = [:]
    for (index, item) in items.enumerated() { place[item] = index }
    var parent = Array(items.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parent[index] != index {
        parent[index] = parent[parent[index]]
        index = parent[index]
      }
      return index
    }
    // Work that reads the same array belongs together as well: it is then read once.
    var reader: [Int: Int] = [:]
    for (index, item) in items.enumerated() {
      for case .aligned(let source) in lowering.items[item].kind.accesses {
        let other = place[source] ?? reader[source] ?? index
        reader[source] = index
        let (a, b) = (root(index), root(other))
        if a != b, lowering.items[items[a]].count == lowering.items[items[b]].count {
          parent[max(a, b)] = min(a, b)
        }
      }
    }
    var members: [Int: [Int]] = [:]
    for (index, item) in items.enumerated() { members[root(index), default: []].append(item) }
    var result: [[Int]] = []
    for index in items.indices {
      guard let group = members[index] else { continue }
      // A part of the list in order depends only on itself and the parts before it.
      for start in stride(from: 0, to: group.count, by: TensorSchedule.maximumGroup) {
        result.append(Array(group[start..<min(start + TensorSchedule.maximumGroup, group.count)]))
      }
    }
    return result
  }
}

extension ScalarCode.Instruction {
  var isLoad: Bool {
    operation == Int32(dk_load64.rawValue) || operation == Int32(dk_load32.rawValue)
  }
}
