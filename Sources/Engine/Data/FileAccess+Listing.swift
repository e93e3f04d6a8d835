// What is in a folder: for Tab, and for commands that take whole folders.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FileAccess {
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(expand(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted, hidden ones left out; none when it cannot be read.
  package static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// Every file below a folder with this ending, sorted; links are not followed.
  package static func files(below folder: String, ending: String) -> [String] {
    var found: [String] = []
    var pending = [folder]
    while let next = pending.popLast() {
      for name in names(in: next) {
        let path = next.hasSuffix("/") ? next + name : next + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
          pending.append(path)
        } else if name.hasSuffix(ending) {
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
    let place = folder.isEmpty ? "." : expand(folder)
    return names(in: place).filter { $0.hasPrefix(start) }.map { name in
      folder + name + (isFolder(folder + name) ? "/" : "")
    }
  }
}
