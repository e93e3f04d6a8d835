// The backward half: for each listed value what the values computed from it hand back, each as its
// own derivative times its own ∂L.

import Diagnostics
import Notation
import Optimizers
import Tensors

extension BackwardPassBuilder {
  /// For each station and parameter the sum of what its users hand back, as formulas of the users'
  /// own derivatives.
  mutating func adjointNodes(moving: Set<NodeID>, used: [NodeID]) throws(Diagnostic)
    -> [NodeID:
    NodeID]
  {
    var result: [NodeID: NodeID] = [:]
    result[loss] = lowering.graph.constant(Tensor(1))
    for station in stations.reversed() where moving.contains(station) {
      let operands = stationOperands(of: station, used: used).filter { moving.contains($0) }
      var standIns: [NodeID: NodeID] = [:]
      for operand in operands where !used.contains(operand) {
        standIns[operand] = lowering.graph.input(
          name(of: operand).canonical, shape: graph[operand].shape,
          type: graph[operand].elementType)
      }
      let local = try lowering.substitute([station], standIns, at: span)[0]
      // The first ∂L/∂L is 1, and a factor 1 is not written.
      let upstream =
        station == loss
        ? lowering.graph.constant(Tensor(1).broadcast(to: graph[loss].shape))
        : lowering.graph.input(
          BackwardPass.adjoint(of: name(of: station), loss: lossName).canonical,
          shape: graph[station].shape)
      // The station's own value may occur in its derivative: a·(1 - a).
      if labels[local] == nil { labels[local] = name(of: station) }
      let parts = try pullback(local, upstream, operands.map { standIns[$0] ?? $0 })
      for (operand, part) in zip(operands, parts) {
        if let sum = result[operand] {
          result[operand] = try lowering.apply(.add, [sum, part], operands: [], at: span)
        } else {
          result[operand] = part
        }
      }
    }
    return result
  }

  func pullback(_ value: NodeID, _ upstream: NodeID, _ variables: [NodeID])
    throws(Diagnostic) -> [NodeID]
  {
    do {
      return try lowering.graph.gradient(
        of: value, upstream: upstream, withRespectTo: variables)
    } catch {
      throw LoweringError.tensor(error, span, operands: []).diagnostic
    }
  }

  /// The stations and parameters that a station is computed from, without others between.
  func stationOperands(of station: NodeID, used: [NodeID]) -> [NodeID] {
    let stops = Set(stations + used)
    var found: Set<NodeID> = []
    var seen: Set<NodeID> = []
    var pending = graph.operands(of: station)
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      if stops.contains(next) { found.insert(next) } else { pending += graph.operands(of: next) }
    }
    return found.sorted()
  }

  /// From the loss down; a parameter as soon as all its users are done.
  func backwardOrder(moving: Set<NodeID>, used: [NodeID]) -> [NodeID] {
    var lastUser: [NodeID: NodeID] = [:]
    for station in stations.reversed() where moving.contains(station) {
      for operand in stationOperands(of: station, used: used) { lastUser[operand] = station }
    }
    var order: [NodeID] = []
    for station in stations.reversed() where moving.contains(station) {
      order.append(station)
      order += used.filter { lastUser[$0] == station }
    }
    return order
  }
}
