/** A policy that checks and compiles as it is: a binary model on one Parquet file, served on this machine. */
const policy = `language 1

// A first policy. Each line is a rule: change it to what must hold for your model.
// \`retrain check\` tells what does not fit; \`retrain explain CODE\` tells why.

policy example {
  description "Says whether a customer leaves within 30 days."
  owner       "ml-team@example.com"
  risk        low

  model {
    registry    local "example"
    serving     local "example"
    first_model absolute_gates_only
    decides at  0.5
    expect      50_000 requests per 1d
  }

  dataset customers {
    source    parquet "data/customers.parquet"
    time      seen_at
    key       customer_id
    label     left matures after 30d
    reference 90d before promotion
    current   7d
    holdout   14d
    expect    20_000 rows per 1d
    columns {
      age    number in 16..120
      plan   category one of ["basic", "plus", "pro"]
      visits integer in 0..10_000
      left   boolean
    }
  }

  trigger {
    schedule "0 4 * * MON" in "Europe/Berlin"
    drift    psi(customers.visits) > 0.2 for 2 checks
    check    every 1d
    cooldown 7d after promotion
    budget   6 runs per 30d
  }

  validate customers {
    require rows >= 10_000
    require schema matches
    require null_rate(age) <= 1%
  }

  train {
    command ["node", "train.ts", "--data", "\${customers.uri}", "--out", "\${challenger.uri}"]
    timeout 2h
  }

  evaluate {
    command ["node", "evaluate.ts", "--data", "\${customers.uri}", "--champion", "\${champion.uri}", "--challenger", "\${challenger.uri}", "--out", "\${predictions.uri}"]
    timeout 30m
  }

  gate offline {
    require  challenger.auc >= 0.70 at 95% confidence
    require  challenger.auc not worse than champion.auc by 1pp at 95% confidence
    advisory challenger.calibration_error <= 5pp
    on inconclusive block
  }

  rollout {
    stage shadow {
      mirror 100% for 24h..48h at least 5_000 pairs
      require match_coverage >= 95%
    }
    stage canary {
      traffic 10% for 6h..48h at least 1_000 requests check every 5m
      require challenger.error_rate not worse than champion.error_rate by 2pp
    }
    stage full {
      traffic 100% watch 24h keep champion 72h
    }
    rollback when challenger.error_rate > 5%
    on inconclusive hold 12h then rollback
  }

  notify {
    on promoted, refused, rolled_back webhook "http://127.0.0.1:9099/hook"
  }
}
`;

const config = `# yaml-language-server: $schema=./node_modules/retrain/schema/config.json
# Where policies are and where they run. Every field: docs/configuration.md of retrain.
policies: ["policies/**/*.retrain"]
out: pipelines
environments:
  local:
    ledger: "sqlite:.retrain/ledger.db"
    work: .retrain/runs
    registries: { local: { folder: .retrain/registry } }
    serving: { local: { url: "http://127.0.0.1:9090", folder: .retrain/serving } }
    targets: { local: {} }
`;

const workflow = `# Checks every policy, and that the generated pipelines are the ones that were committed.
name: retrain
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  policies:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
        with: { persist-credentials: false }
      - uses: actions/setup-node@v4
        with: { node-version: 24 }
      - run: npm ci
      - run: npx retrain fmt --check
      - run: npx retrain check --fail-level warning
      - run: npx retrain compile --check
`;

const preCommit = `repos:
  - repo: local
    hooks:
      - id: retrain-fmt
        name: policies are formatted
        entry: npx retrain fmt --check
        language: system
        files: \\.retrain$
      - id: retrain-check
        name: policies check
        entry: npx retrain check
        language: system
        files: \\.retrain$
        pass_filenames: false
`;

/** The files that `retrain init` writes, by path. */
export const starterFiles: Readonly<Record<string, string>> = {
  "retrain.config.yaml": config,
  "policies/example.retrain": policy,
  ".github/workflows/retrain.yml": workflow,
  ".pre-commit-config.yaml": preCommit,
};
