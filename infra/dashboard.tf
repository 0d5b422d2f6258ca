# One page that answers: how many, how well, how fast, how full?

locals {
  charts = [
    {
      title   = "Answers by status (per second)"
      filter  = "${local.log_metric}/${google_logging_metric.results.name}\""
      aligner = "ALIGN_RATE"
      reducer = "REDUCE_SUM"
      by      = ["metric.label.status"]
    },
    {
      title   = "Why sheets were not read (per second)"
      filter  = "${local.log_metric}/${google_logging_metric.results.name}\" AND metric.labels.status != \"read\""
      aligner = "ALIGN_RATE"
      reducer = "REDUCE_SUM"
      by      = ["metric.label.reason"]
    },
    {
      title   = "Answers by version of the model (per second)"
      filter  = "${local.log_metric}/${google_logging_metric.results.name}\""
      aligner = "ALIGN_RATE"
      reducer = "REDUCE_SUM"
      by      = ["metric.label.model_version"]
    },
    {
      title   = "Confidence, lowest twentieth"
      filter  = "${local.log_metric}/${google_logging_metric.confidence.name}\""
      aligner = "ALIGN_PERCENTILE_05"
      reducer = "REDUCE_MIN"
      by      = []
    },
    {
      title   = "From upload to answer, slowest twentieth (ms)"
      filter  = "${local.log_metric}/${google_logging_metric.age.name}\""
      aligner = "ALIGN_PERCENTILE_95"
      reducer = "REDUCE_MAX"
      by      = []
    },
    {
      title   = "Function: calls by outcome (per second)"
      filter  = "${local.function_metrics} AND metric.type = \"run.googleapis.com/request_count\""
      aligner = "ALIGN_RATE"
      reducer = "REDUCE_SUM"
      by      = ["metric.label.response_code_class"]
    },
    {
      title   = "Function: slowest twentieth (ms)"
      filter  = "${local.function_metrics} AND metric.type = \"run.googleapis.com/request_latencies\""
      aligner = "ALIGN_PERCENTILE_95"
      reducer = "REDUCE_MAX"
      by      = []
    },
    {
      title   = "Function: instances"
      filter  = "${local.function_metrics} AND metric.type = \"run.googleapis.com/container/instance_count\""
      aligner = "ALIGN_MAX"
      reducer = "REDUCE_SUM"
      by      = ["metric.label.state"]
    },
    {
      title   = "Function: memory used, fullest (share)"
      filter  = "${local.function_metrics} AND metric.type = \"run.googleapis.com/container/memory/utilizations\""
      aligner = "ALIGN_PERCENTILE_99"
      reducer = "REDUCE_MAX"
      by      = []
    },
    {
      title   = "Serving: slowest twentieth (ms), by revision"
      filter  = "${local.serving_metrics} AND metric.type = \"run.googleapis.com/request_latencies\""
      aligner = "ALIGN_PERCENTILE_95"
      reducer = "REDUCE_MAX"
      by      = ["resource.label.revision_name"]
    },
    {
      title   = "Serving: instances"
      filter  = "${local.serving_metrics} AND metric.type = \"run.googleapis.com/container/instance_count\""
      aligner = "ALIGN_MAX"
      reducer = "REDUCE_SUM"
      by      = ["metric.label.state"]
    },
    {
      title   = "Oldest message waiting (s), by subscription"
      filter  = "resource.type = \"pubsub_subscription\" AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      aligner = "ALIGN_MAX"
      reducer = "REDUCE_MAX"
      by      = ["resource.label.subscription_id"]
    },
  ]
}

# The API drops zeros and empty lists from what it stores; written here, they would show as a change for ever.
resource "google_monitoring_dashboard" "this" {
  dashboard_json = jsonencode({
    displayName = "Sheet reader"
    mosaicLayout = {
      columns = 12
      tiles = [
        for index, chart in local.charts : merge(
          index % 3 == 0 ? {} : { xPos = 4 * (index % 3) },
          index < 3 ? {} : { yPos = 4 * floor(index / 3) },
          {
            width  = 4
            height = 4
            widget = {
              title = chart.title
              xyChart = {
                dataSets = [{
                  plotType = "LINE"
                  timeSeriesQuery = {
                    timeSeriesFilter = {
                      filter = chart.filter
                      aggregation = merge(
                        {
                          alignmentPeriod    = "60s"
                          perSeriesAligner   = chart.aligner
                          crossSeriesReducer = chart.reducer
                        },
                        length(chart.by) == 0 ? {} : { groupByFields = chart.by },
                      )
                    }
                  }
                }]
              }
            }
          },
        )
      ]
    }
  })

  depends_on = [google_project_service.this]
}
