# Measures of poverty and inequality by laeken, and means and totals by survey: values, standard errors and seconds.
#
#   Rscript peers.R people.csv values.csv seconds.csv ROUNDS BLOCKS
#
# BLOCKS, joined by commas: laeken (estimates), survey (with linearised standard errors), bootstrap (laeken's variance, 100 replicates).
suppressMessages({library(laeken); library(survey)})
told <- commandArgs(trailingOnly = TRUE)
people <- read.csv(told[1], stringsAsFactors = TRUE)
rounds <- as.integer(told[4])
blocks <- strsplit(told[5], ",")[[1]]
groupings <- c("sex", "age_group", "region", "citizenship", "size")
people$size <- factor(people$size)
people$poor <- as.numeric(people$y < 10000)

values <- data.frame()
kept <- function(measure, grouping, group, estimate, se = NA) {
  values <<- rbind(values, data.frame(measure = measure, grouping = grouping, group = as.character(group), estimate = estimate, se = se))
}

seconds <- data.frame()
timed <- function(block, task) {
  for (round in seq_len(rounds)) {
    gc(verbose = FALSE)
    start <- proc.time()
    found <- task()
    spent <- proc.time() - start
    seconds <<- rbind(seconds, data.frame(block = block, seconds = spent[["elapsed"]], processor = spent[["user.self"]] + spent[["sys.self"]]))
  }
  found
}

if ("laeken" %in% blocks) {
  found <- timed("laeken", function() {
    made <- list(arpt = arpt(people$y, weights = people$w))
    for (grouping in groupings) {
      by <- people[[grouping]]
      made[[grouping]] <- list(
        gini = gini(people$y, weights = people$w, breakdown = by), arpr = arpr(people$y, weights = people$w, breakdown = by),
        qsr = qsr(people$y, weights = people$w, breakdown = by), rmpg = rmpg(people$y, weights = people$w, breakdown = by))
    }
    made
  })
  kept("arpt", "all", "all", as.numeric(found$arpt))
  for (grouping in groupings) for (measure in c("gini", "arpr", "qsr", "rmpg")) {
    one <- found[[grouping]][[measure]]
    scale <- if (measure == "qsr") 1 else 100
    if (grouping == groupings[1]) kept(measure, "all", "all", one$value / scale)
    kept(measure, grouping, one$valueByStratum[[1]], one$valueByStratum$value / scale)
  }
}

if ("bootstrap" %in% blocks) {
  point <- gini(people$y, weights = people$w, breakdown = people$region)
  timed("bootstrap", function() {
    set.seed(1)
    variance(people$y, weights = people$w, breakdown = people$region, design = people$region, cluster = people$hid,
             indicator = point, R = 100, type = "bootstrap", bootType = "naive")
  })
}

if ("survey" %in% blocks) {
  design <- timed("design", function() svydesign(ids = ~hid, strata = ~region, weights = ~w, data = people))
  found <- timed("survey", function() {
    made <- list(all = list(mean = svymean(~poor + y, design), total = svytotal(~poor + t, design)))
    for (grouping in groupings) {
      by <- as.formula(paste("~", grouping))
      made[[grouping]] <- list(mean = svyby(~poor + y, by, design, svymean), total = svyby(~poor + t, by, design, svytotal))
    }
    made
  })
  for (kind in c("mean", "total")) {
    second <- if (kind == "mean") "y" else "t"
    whole <- found$all[[kind]]
    for (name in c("poor", second)) kept(paste(kind, name), "all", "all", coef(whole)[[name]], as.numeric(SE(whole))[match(name, names(coef(whole)))])
    for (grouping in groupings) {
      one <- found[[grouping]][[kind]]
      for (name in c("poor", second)) kept(paste(kind, name), grouping, one[[grouping]], one[[name]], one[[paste0("se.", name)]])
    }
  }
}
for (name in c("estimate", "se")) values[[name]] <- sprintf("%.17g", values[[name]])
write.csv(values, told[2], row.names = FALSE)
write.csv(seconds, told[3], row.names = FALSE)
cat(R.version.string, "laeken", as.character(packageVersion("laeken")), "survey", as.character(packageVersion("survey")), "\n")
