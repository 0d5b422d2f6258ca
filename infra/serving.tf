# TensorFlow Serving on Cloud Run. Terraform owns its shape; which image runs, and which revision is asked, the releases
# decide (cloudbuild.yaml).

locals {
  serving_port = 8500
  # Below the server's --grpc_max_threads (serving/Dockerfile): one more request than it has threads is refused.
  serving_concurrency = 16
}

resource "google_cloud_run_v2_service" "serving" {
  name                = "sheet-serving"
  location            = var.region
  deletion_protection = var.deletion_protection

  # Reachable from anywhere, callable by one account: the function has no network of its own to hide the service in.
  ingress = "INGRESS_TRAFFIC_ALL"

  template {
    service_account                  = google_service_account.serving.email
    max_instance_request_concurrency = local.serving_concurrency
    timeout                          = "60s"

    scaling {
      min_instance_count = var.serving_scaling.min_instances
      max_instance_count = var.serving_scaling.max_instances
    }

    containers {
      image = var.serving_image

      ports {
        name           = "h2c" # gRPC wants HTTP/2 all the way to the container
        container_port = local.serving_port
      }

      resources {
        limits = {
          cpu    = "2"
          memory = "1Gi"
        }
        cpu_idle          = true
        startup_cpu_boost = true
      }

      # The port is closed until the model is loaded and warmed up.
      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 60
        grpc {
          port    = local.serving_port
          service = "PredictionService"
        }
      }

      liveness_probe {
        period_seconds    = 30
        timeout_seconds   = 5
        failure_threshold = 3
        grpc {
          port    = local.serving_port
          service = "PredictionService"
        }
      }
    }
  }

  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
  }

  lifecycle {
    ignore_changes = [
      client,
      client_version,
      template[0].containers[0].image,
      template[0].labels,
      template[0].revision,
      traffic,
    ]
  }

  depends_on = [google_project_service.this]
}
