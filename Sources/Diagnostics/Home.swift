// Where Descent's own files are: its rules, lessons and data sets.
//
// They are looked for, in this order, in the folder the environment variable DESCENT_HOME names, in
// `share/descent` next to the binary's folder, and in the package the binary was built in. Nothing
// is ever read from the folder a person happens to be in, and nothing here writes.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the folders that come with Descent.
package enum Home {
  package enum Folder: String, Sendable, CaseIterable {
    case rules, lessons, datasets

    /// Where the folder may be within a root: installed, then in a checkout.
    var places: [String] {
      switch self {
      case .rules: ["rules", "Sources/Optimizers/Rules"]
      case .lessons: ["lessons"]
      case .datasets: ["datasets"]
      }
    }
  }

  /// The first folder of that kind there is, as an absolute path without a slash at its end; nil
  /// when no root has one.
  package static func folder(_ folder: Folder) -> String? {
    find(folder, in: roots)
  }

  /// The folders that may hold Descent's files, in the order they are searched.
  package static let roots: [String] = roots(
    variable: environment("DESCENT_HOME"), binaries: [binaryPath(), imagePath()].compactMap { $0 })

  static func find(_ folder: Folder, in roots: [String]) -> String? {
    for root in roots {
      for place in folder.places {
        let path = root == "/" ? "/" + place : root + "/" + place
        if isFolder(path) { return path }
      }
    }
    return nil
  }

  /// The roots for a value of DESCENT_HOME and the binaries this process may have come from.
  static func roots(variable: String?, binaries: [String]) -> [String] {
    var found: [String] = []
    func add(_ path: String) {
      if !found.contains(path) { found.append(path) }
    }
    if let variable, !variable.isEmpty {
      add(resolved(variable) ?? variable)
    }
    for binary in binaries {
      let folder = parent(of: binary)
      add((parent(of: folder) == "/" ? "" : parent(of: folder)) + "/share/descent")
    }
    for binary in binaries {
      var folder = parent(of: binary)
      while folder != "/" {
        if isFile(folder + "/Package.swift") {
          add(folder)
          break
        }
        folder = parent(of: folder)
      }
    }
    return found
  }

  /// `/a/b` for `/a/b/c`; `/` for `/a`, and for anything without a slash.
  static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.utf8.startIndex
    else { return "/" }
    return String(path[..<slash])
  }

  // MARK: - The system

  /// The running binary, with links followed.
  private static func binaryPath() -> String? {
    #if canImport(Darwin)
      var size = UInt32(PATH_MAX)
      var buffer = [CChar](repeating: 0, count: Int(size) + 1)
      guard _NSGetExecutablePath(&buffer, &size) == 0 else { return nil }
      return resolved(string(buffer))
    #else
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
      if length > 0 {
        let path = string(buffer)
        // What the system says of a binary that was built anew while this one runs.
        let deleted = " (deleted)"
        return path.hasSuffix(deleted) ? String(path.dropLast(deleted.count)) : path
      }
      guard let first = CommandLine.arguments.first, first.contains("/") else { return nil }
      return resolved(first)
    #endif
  }

  /// The file this code was loaded from: on macOS, a test bundle and not the tool that runs it.
  private static func imagePath() -> String? {
    #if canImport(Darwin)
      var information = Dl_info()
      guard dladdr(#dsohandle, &information) != 0, let name = information.dli_fname else {
        return nil
      }
      return resolved(String(cString: name))
    #else
      return nil
    #endif
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The absolute path with links followed; nil when there is nothing there.
  private static func resolved(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  private static func mode(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private static func isFolder(_ path: String) -> Bool { mode(path) == S_IFDIR }
  private static func isFile(_ path: String) -> Bool { mode(path) == S_IFREG }

  private static func string(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
