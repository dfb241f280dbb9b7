module retrain.dev/test/kfp/cron

go 1.24

require github.com/robfig/cron v1.2.0
