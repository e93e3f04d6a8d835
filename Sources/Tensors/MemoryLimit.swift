// How much memory there is to use: half of the machine's, or of what the container allows.
//
// A bound for what is kept and for what a computation may ask for, so that a mistyped size ends in an
// error instead of in the system killing the process. Nothing is reserved.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package enum MemoryLimit {
  /// No more than this, however large the machine.
  private static let ceiling = 8 << 30

  /// Bytes that tensors may take, all together.
  package static let standard: Int = {
    var available = ceiling * 2
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let page = sysconf(Int32(_SC_PAGESIZE))
    if pages > 0, page > 0 { available = min(available, pages * page) }
    if let allowed = containerLimit() { available = min(available, allowed) }
    return available / 2
  }()

  /// The most memory the process has had at any time, in bytes; 0 when the system does not say.
  package static var peak: Int {
    var usage = rusage()
    #if canImport(Glibc)
      let (process, unit) = (RUSAGE_SELF.rawValue, 1024)
    #else
      let (process, unit) = (RUSAGE_SELF, 1)
    #endif
    guard getrusage(Int32(process), &usage) == 0 else { return 0 }
    return Int(usage.ru_maxrss) * unit
  }

  /// What Linux allows the control group this process is in.
  private static func containerLimit() -> Int? {
    let file = open("/sys/fs/cgroup/memory.max", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var digits = [UInt8](repeating: 0, count: 32)
    let count = read(file, &digits, digits.count)
    guard count > 0 else { return nil }
    let number = digits[..<count].prefix { $0 >= 0x30 && $0 <= 0x39 }
    return Int(String(decoding: number, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
  }
}
