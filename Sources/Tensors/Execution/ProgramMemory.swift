// The memory of a program on arrays: what the C loops read by pointer, freed together.

import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

final class ProgramMemory {
  private var blocks: [UnsafeMutableRawPointer] = []
  private var stored: [UnsafeMutableRawPointer] = []

  deinit {
    for block in blocks { free(block) }
    for block in stored { block.deallocate() }
  }

  /// Zeroed memory that begins at a cache line and is padded to whole ones.
  /// - Throws: `tooLarge` when there is none.
  func allocate(bytes: Int, for shape: Shape) throws(TensorError) -> UnsafeMutableRawPointer {
    // A little apart from each other modulo a page, so that walking along several arrays does not
    // meet in the same cache set.
    let stagger = blocks.count % 8 * 192
    guard let block = calloc(1, (bytes + 63) / 64 * 64 + 128 + stagger) else {
      throw .tooLarge(shape)
    }
    blocks.append(block)
    let address = UInt(bitPattern: block) + UInt(stagger)
    return block + Int((address + 63) / 64 * 64 - UInt(bitPattern: block))
  }

  /// Zeroed room for a few values.
  func reserve<Element: BitwiseCopyable>(
    _ type: Element.Type, count: Int
  ) -> UnsafeMutablePointer<Element> {
    let size = max(count, 1) * MemoryLayout<Element>.stride
    let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    stored.append(block)
    return block.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  /// A copy of an array that lives as long as the program.
  func store<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
    let size = max(elements.count, 1) * MemoryLayout<Element>.stride
    // A few hundred bytes of description: where there is no memory for that, there is none for
    // Swift's own arrays either.
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: size, alignment: MemoryLayout<Element>.alignment)
    let typed = block.bindMemory(to: Element.self, capacity: max(elements.count, 1))
    typed.initialize(from: elements, count: elements.count)
    stored.append(block)
    return UnsafePointer(typed)
  }

  func walk(_ walk: IndexWalk) -> dk_walk {
    dk_walk(
      base: Int64(walk.base), rank: Int64(walk.sizes.count),
      sizes: store(walk.sizes.map(Int64.init)), strides: store(walk.strides.map(Int64.init)))
  }
}
