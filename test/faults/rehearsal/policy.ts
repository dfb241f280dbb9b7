import { join } from "node:path";

/** Ports of one rehearsal on this machine. */
export interface Ports {
  /** What `retrain` takes for the model server: the proxy that can hold up a change of the route. */
  readonly proxy: number;
  readonly server: number;
  readonly world: number;
}

const HERE = import.meta.dirname;

/** The flight delays policy in small: every kind of node, over hours and 600 rows a day instead of weeks and 16,600. */
export function policyText(ports: Ports, step: { readonly timeout?: string; readonly more?: string } = {}): string {
  const { timeout = "30s", more = "" } = step;
  return `language 1

policy parcels {
  owner "shipping@example.com"
  risk  low

  model {
    registry    local "parcels"
    serving     local "parcels"
    first_model absolute_gates_only
    decides at  0.5
    expect      300 requests per 1h
  }

  dataset parcels_shipped {
    source    parquet "data/parcels.parquet"
    time      shipped_at
    key       id
    label     late matures after 1d
    reference 14d before promotion
    current   3d
    holdout   3d
    columns {
      weight number in 0..100
      region category
      hour   integer in 0..23
      late   boolean${more}
    }
  }

  trigger {
    schedule "0 4 * * *" in "UTC"
    data     parcels_shipped gains 400_000 labelled rows
    drift    psi(parcels_shipped.weight) > 0.2 for 3 checks
    decay    auc drops 5pp below baseline over 1d
    check    every 6h
    cooldown 1h after promotion, 1h after refusal
    budget   60 runs per 30d
  }

  validate parcels_shipped {
    require rows >= 1_000
    require schema matches
    require null_rate(weight) <= 0.1%
  }

  train {
    command ["node", "${join(HERE, "train.run.ts")}", "\${parcels_shipped.uri}", "\${challenger.uri}"]
    timeout ${timeout}
  }

  evaluate {
    command ["node", "${join(HERE, "evaluate.run.ts")}", "\${parcels_shipped.uri}", "\${champion.uri}", "\${challenger.uri}", "\${predictions.uri}"]
    timeout ${timeout}
  }

  gate offline {
    require challenger.auc >= 0.60 at 95% confidence
    require challenger.auc not worse than champion.auc by 3pp at 95% confidence
    require for each region: challenger.auc >= 0.55, at least 100 rows
    on inconclusive block
  }

  rollout {
    stage shadow {
      mirror 100% for 1h..6h at least 100 pairs check every 15m
      require match_coverage >= 95%
      require quantile(challenger.latency, 99%) <= 900ms
    }
    stage canary {
      traffic 50% for 1h..6h at least 100 requests check every 15m
      require challenger.error_rate not worse than champion.error_rate by 20pp
    }
    stage full {
      traffic 100% check every 15m watch 1h keep champion 3h
    }
    rollback when challenger.error_rate > 5%
    on inconclusive hold 2h then rollback
  }

  notify {
    on promoted, refused, rolled_back webhook "http://127.0.0.1:${ports.world}/hook"
  }
}
`;
}

/** Where `retrain` finds its model server; `retrain serve` gets the same with its own port. */
export function configText(ports: Ports, servingPort: number): string {
  return `policies: ["parcels.retrain"]
environments:
  local:
    serving: { local: { url: "http://127.0.0.1:${servingPort}" } }
    clock:
      start: 2024-03-04T08:00:00Z
      pace: work
      participants: ["http://127.0.0.1:${ports.world}/clock"]
`;
}
