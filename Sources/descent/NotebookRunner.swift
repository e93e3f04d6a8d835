// descent test: notebooks run again, differences shown.

import Diagnostics
import Notebooks
import Terminal

struct NotebookRunner {
  let update: Bool

  /// - Returns: 0 when every output is as recorded, 1 when one differs, 2 when a file is no notebook.
  func run(_ paths: [String]) -> Int32 {
    let output = Output()
    let screen = Screen()
    var worst: Int32 = 0
    for path in NotebookTest.files(in: paths) {
      let result = NotebookTest.run(path, update: update)
      for line in result.lines { output.writeLine(line.rendered(on: screen)) }
      worst = max(worst, result.exitCode)
    }
    output.flush()
    return worst == 0 ? output.exitStatus : worst
  }
}
