// Memory for machine code: written first, then made executable and never writable again.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

final class ExecutableMemory {
  let start: UnsafeMutableRawPointer
  private let size: Int

  /// Nil where the system does not allow it.
  init?(_ code: [UInt8]) {
    let page = 4096
    size = (code.count + page - 1) / page * page
    guard size > 0 else { return nil }
    let block = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | anonymous, -1, 0)
    guard let block, block != MAP_FAILED else { return nil }
    block.copyMemory(from: code, byteCount: code.count)
    guard mprotect(block, size, PROT_READ | PROT_EXEC) == 0 else {
      munmap(block, size)
      return nil
    }
    start = block
  }

  deinit { munmap(start, size) }
}

#if canImport(Glibc)
  private let anonymous = MAP_ANONYMOUS
#else
  private let anonymous = MAP_ANON
#endif
