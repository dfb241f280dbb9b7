module retrain.dev/test/kfp/cron

go 1.19

require github.com/robfig/cron v1.2.0
