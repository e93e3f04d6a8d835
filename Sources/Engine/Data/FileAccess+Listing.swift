// What is in a folder: for Tab, for commands that take whole folders, and for a name that is not
// there. It only looks, follows no links on the way down, and never looks for ever.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension FileAccess {
  /// Whether there is a folder at the path, links followed.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(expand(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// No more names than this are looked at, in one folder or below it.
  static let maximumNames = 10_000

  /// The names in a folder, sorted, hidden ones left out; none when it cannot be read.
  package static func names(in folder: String) -> [String] {
    guard !folder.utf8.contains(0), let stream = opendir(expand(folder)) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while names.count < maximumNames, let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(
          to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)
        ) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// Every ordinary file below a folder with this ending, sorted; links are not followed.
  package static func files(below folder: String, ending: String) -> [String] {
    var found: [String] = []
    var pending = [folder]
    while found.count < maximumNames, let next = pending.popLast() {
      for name in names(in: next) {
        let path = next.hasSuffix("/") ? next + name : next + "/" + name
        var status = stat()
        guard lstat(expand(path), &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
          if pending.count < maximumNames { pending.append(path) }
        } else if status.st_mode & S_IFMT == S_IFREG, name.hasSuffix(ending) {
          found.append(path)
        }
      }
    }
    return found.sorted()
  }

  /// The paths that begin like this one, folders with a slash at their end.
  package static func completions(of prefix: String) -> [String] {
    let slash = prefix.lastIndex(of: "/")
    let folder = slash.map { String(prefix[...$0]) } ?? ""
    let start = slash.map { String(prefix[prefix.index(after: $0)...]) } ?? prefix
    return names(in: folder.isEmpty ? "." : folder).filter { $0.hasPrefix(start) }.map { name in
      folder + name + (isFolder(folder + name) ? "/" : "")
    }
  }
}
