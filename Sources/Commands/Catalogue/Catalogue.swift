// All commands, one file each in this folder.

extension CommandTable {
  /// What is known at the prompt.
  package static let standard = CommandTable([
    .param, .model, .freeze, .unfreeze, .loss, .maximize, .rule, .optimizer, .schedule, .data,
    .split, .fold, .generate, .judge,
    .batch, .accumulate, .workers, .stop,
    .step, .back, .goTo, .reset, .branch, .replay, .watch, .unwatch, .trace, .record,
    .show, .explain, .why, .derive, .gradcheck, .backprop, .hessian, .identify, .predict, .check,
    .quiz,
    .table, .plot,
    .compare, .search,
    .prune, .unprune, .clipWeights, .quantize, .distill,
    .undo, .redo, .set, .help, .history, .save, .open, .export, .importValues, .quit, .clear,
  ])
}
